import { expect, test } from 'vitest';
import { noteAttempt, readAttempts } from '../../../src/feedback/explain/attempts.ts';
import { explainAll } from '../../../src/feedback/explain/explain-all.ts';
import type { Workshop } from '../../forge/workshop.ts';
import { segment } from '../../history/history-folder.ts';
import { answer, explainBench } from './explain-bench.ts';
import { scriptedLlm } from './scripted-llm.ts';

const VARIABLE = 'MILLWRIGHT_TEST_KEY_OF_ATTEMPTS';
const settings = `llm:\n  providers:\n    far: { type: anthropic, api_key_env: ${VARIABLE} }\n`;
const held = (shop: Workshop, id = 'f-1') =>
  shop.run(async ({ workspace }) => (await readAttempts(workspace)).heldBack(id));
const note = (shop: Workshop, reason: string) =>
  shop.run(({ workspace }) => noteAttempt(workspace, 'f-1', reason));

test('A note says until when a question is left alone, and what went wrong, without secrets.', async () => {
  await using shop = await explainBench();
  await note(shop, `the budget is spent\nsk-ant-${'k'.repeat(40)}`);
  const now = Date.now();
  const { until = '', reason = '' } = (await held(shop)) ?? {};
  expect(Math.abs(new Date(until).getTime() - now - 24 * 3_600_000)).toBeLessThan(60_000);
  expect(reason).toMatch(/^the budget is spent .*an Anthropic key/);
  const other = (await held(shop, 'f-2'))?.until ?? '';
  expect(Math.abs(new Date(other).getTime() - now - 3_600_000)).toBeLessThan(60_000);
});

test('Other settings of models, or another key, make the notes void.', async () => {
  await using shop = await explainBench({ settings });
  await note(shop, 'no answer');
  expect(await held(shop)).toBeDefined();
  process.env[VARIABLE] = 'a-key';
  try {
    expect(await held(shop)).toBeUndefined();
  } finally {
    delete process.env[VARIABLE];
  }
  expect(await held(shop)).toBeDefined();
  await shop.folder.write('millwright.yaml', `${settings}  per_day_usd: 50\n`);
  expect(await held(shop)).toBeUndefined();
});

test('A question whose batch is under way is asked about again in an hour.', async () => {
  const batch = {
    kind: 'llm_batch',
    schema_version: 1,
    recorded_at: '2026-11-21T00:00:00.000Z',
    source: 'runner',
    id: 'b-1',
    llm_batch_id: 'b-1',
    provider: 'far',
    provider_batch_id: 'batch-1',
    purpose: 'explain',
    state: 'submitted',
    request_hashes: ['a'],
    at: new Date(Date.now() - 60_000).toISOString(),
  };
  await using shop = await explainBench({
    files: { [segment(1, 'llm_batch')]: `${JSON.stringify(batch)}\n` },
  });
  await note(shop, 'the batch is still under way');
  shop.advance(61 * 60_000);
  expect(await held(shop)).toBeUndefined();
});

test('A person who insists is not kept from asking.', async () => {
  await using shop = await explainBench();
  const ask = (script: string, insist: boolean) =>
    shop.run((context) => explainAll(context, scriptedLlm([script]), { batch: true, insist }));
  expect(await ask('failed', false)).toMatchObject([{ result: 'later' }]);
  expect(await ask(answer(), false)).toEqual([]);
  expect(await ask(answer(), true)).toMatchObject([{ result: 'drafted' }]);
});
