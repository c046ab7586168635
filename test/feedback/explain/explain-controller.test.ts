import { describe, expect, test } from 'vitest';
import type { Explanation } from '../../../src/contracts/explanation.ts';
import { explainController } from '../../../src/feedback/explain/explain-controller.ts';
import { upgradeController } from '../../../src/feedback/upgrade-controller.ts';
import { intakeController } from '../../../src/ledger/intake-controller.ts';
import { runPass } from '../../../src/runner/run-pass.ts';
import type { Workshop } from '../../forge/workshop.ts';
import { explainBench, finding, good, signal } from './explain-bench.ts';

const tiers = (place: string) => `llm:\n  tiers:\n    brain: ${place}\n`;
const canned = `${tiers('canned/model')}  providers:\n    canned: { type: recorded, file: replies.jsonl }\n`;
const replies = (...lines: readonly object[]) => ({
  'replies.jsonl': lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
});
const controllers = [intakeController, explainController, upgradeController];
const pass = (shop: Workshop) => shop.run((context) => runPass(context, { controllers }));
const planned = (shop: Workshop) =>
  shop.run(async (context) => (await explainController.plan(context)).map(({ summary }) => summary));

describe('a pass', () => {
  test.each([
    ['no model is named', ''],
    ['the key of the model is missing', tiers('nobody/model')],
  ])('has nothing to explain where %s, and loses nothing.', async (_, settings) => {
    await using shop = await explainBench({ settings, signals: [signal('s-1')] });
    expect(await planned(shop)).toEqual([]);
    expect((await pass(shop)).changed).toBe(false);
  });

  test('names the key that is missing, once.', async () => {
    const key = 'MILLWRIGHT_TEST_KEY_THAT_NOBODY_HAS';
    const far = `  providers:\n    far: { type: anthropic, api_key_env: ${key} }\n`;
    await using shop = await explainBench({ settings: `${tiers('far/claude-haiku-5-5')}${far}` });
    expect((await pass(shop)).changed).toBe(false);
    expect(shop.warnings.filter((words) => words.includes(`${key} is not set`))).toHaveLength(1);
  });

  test('explains a finding, patches the persona with what came of it, then looks at what is left.', async () => {
    const files = replies(
      { purpose: 'explain', reply: good },
      { purpose: 'signals', reply: { signals: [{ signal_id: 's-1', use: 'none', reason: 'Old.' }] } },
    );
    const signals = [signal('s-1', { domain: 'weather' })];
    await using shop = await explainBench({ settings: canned, files, signals });
    expect(await planned(shop)).toEqual(['ask a model why: Weak group of f-1']);
    const { failures } = await pass(shop);
    expect(failures).toEqual([]);
    const [made] = await shop.records<Explanation>('explanation');
    expect(made).toMatchObject({ state: 'drafted', recommendation_id: 'f-1' });
    expect((await shop.records('llm_call')).map(({ id }) => id)).toContain(made?.llm_call_ids[0]);
    expect((await shop.state()).patches).toMatchObject([
      { persona_id: 'solver', component: 'playbook', recommendation_ids: made?.recommendation_ids },
    ]);
    expect(await shop.records('signal_consumed')).toMatchObject([{ signal_id: 's-1', use: 'none' }]);
    expect((await pass(shop)).changed).toBe(false);
  });

  test('that cannot ask comes to rest, and says what waits.', async () => {
    const findings = [finding('f-1'), finding('f-2', { title: 'Two' })];
    const files = replies({ fault: 'credentials' });
    await using shop = await explainBench({ settings: canned, files, findings });
    expect((await pass(shop)).failures).toEqual([]);
    expect(shop.warnings.filter((words) => words.includes('is not explained yet'))).toHaveLength(1);
    expect(await planned(shop)).toEqual([]);
  });
});
