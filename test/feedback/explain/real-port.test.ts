import { describe, expect, test } from 'vitest';
import type { Explanation } from '../../../src/contracts/explanation.ts';
import type { SignalConsumed } from '../../../src/contracts/signal-consumed.ts';
import { explainAll } from '../../../src/feedback/explain/explain-all.ts';
import { lookAtSignals } from '../../../src/feedback/signals/look-at-signals.ts';
import { withLlm } from '../../../src/llm/with-llm.ts';
import { startFakeAnthropic } from '../../llm/fake-anthropic-server.ts';
import { answer, explainBench, signal } from './explain-bench.ts';

const flood = `process.stdout.write('x'.repeat(10_000_000))`;
const byCommand = `llm:
  tiers: { brain: flood/model }
  providers:
    flood: { type: command, command: [${JSON.stringify(process.execPath)}, -e, "${flood}"], call_usd: 0.1 }
`;
const byServer = (url: string) => `llm:
  tiers: { brain: fake/claude-haiku-5-5 }
  providers:
    fake: { type: anthropic, base_url: ${JSON.stringify(url)} }
`;

describe('an answer of ten megabytes, through the real port', () => {
  test('of a program goes back once and is then recorded as failed.', async () => {
    await using shop = await explainBench({ settings: byCommand });
    const explain = () =>
      shop.run((context) =>
        withLlm(context, (llm) => explainAll(context, llm, { batch: true }), { env: {} }),
      );
    expect(await explain()).toMatchObject([{ result: 'failed' }]);
    const [made] = await shop.records<Explanation>('explanation');
    expect(made).toMatchObject({ state: 'failed', error: expect.stringMatching(/\S/) });
    expect(made?.llm_call_ids).toHaveLength(2);
    expect(await explain()).toEqual([]);
  });

  test('of a server goes back once, with what was wrong, and can be mended.', async () => {
    await using fake = await startFakeAnthropic();
    fake.script({ do: 'big', megabytes: 10 }, { do: 'text', text: answer() });
    await using shop = await explainBench({ settings: byServer(fake.url) });
    const env = { ANTHROPIC_API_KEY: fake.key };
    const done = await shop.run((context) =>
      withLlm(context, (llm) => explainAll(context, llm, { batch: true }), { env }),
    );
    expect(done).toMatchObject([{ result: 'drafted' }]);
    expect(fake.requests).toHaveLength(2);
    expect(JSON.stringify(fake.requests[1]?.body)).toContain('Your answer cannot be used');
  });

  test('about signals uses them up for nothing.', async () => {
    await using shop = await explainBench({ settings: byCommand, findings: [], signals: [signal('s-1')] });
    const done = await shop.run((context) =>
      withLlm(context, (llm) => lookAtSignals(context, llm), { env: {} }),
    );
    expect(done).toMatchObject({ consumed: 1 });
    const [used] = await shop.records<SignalConsumed>('signal_consumed');
    expect(used).toMatchObject({ use: 'none', reason: expect.stringContaining('no answer could be used') });
  });
});
