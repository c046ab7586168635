import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { freshWorkspace } from '../e2e/prepared-workspace.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { type FakeAnthropic, startFakeAnthropic } from './fake-anthropic-server.ts';
import type { FakeBatchEnding } from './fake-anthropic-server-batches.ts';
import { asking, inLlm, recorded } from './llm-place.ts';
import { quickClock } from './quick-clock.ts';

let fake: FakeAnthropic;
let folder: GitFolder;
beforeAll(async () => {
  fake = await startFakeAnthropic();
  folder = await freshWorkspace();
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await fake.close();
});
beforeEach(() => set(''));

const set = (more: string) =>
  folder.write(
    'millwright.yaml',
    `
llm:
  tiers: { brain: anthropic/claude-sonnet-5-5 }
  providers: { anthropic: { type: anthropic, base_url: '${fake.url}' } }
  batch_wait_minutes: 5
${more}`,
  );

const askAll = (...words: string[]) =>
  inLlm(
    folder,
    (llm, warnings) =>
      llm.completeAll(words.map((one) => asking(one))).then((answers) => ({ answers, warnings })),
    { env: { ANTHROPIC_API_KEY: fake.key } },
    { clock: quickClock() },
  );

const submissions = () =>
  fake.requests.filter(({ method, path }) => method === 'POST' && /batches$/.test(path));
const singles = () => fake.requests.filter(({ path }) => path === '/v1/messages');
const finish = (endings: Record<string, FakeBatchEnding> = {}) => fake.finishBatches(endings);

/** The name of the request with these words in the last batch. */
function customId(words: string): string {
  const body = submissions().at(-1)?.body as
    | { requests: { custom_id: string; params: object }[] }
    | undefined;
  return body?.requests.find(({ params }) => JSON.stringify(params).includes(words))?.custom_id ?? '';
}

test('A batch that takes too long is left; the next run waits for the same one, and counts its answers once, at half the price.', async () => {
  const { answers: first } = await askAll('a-1', 'a-2', 'a-1');
  expect(first.map(({ result }) => result)).toEqual(['failed', 'failed', 'failed']);
  expect(first[0]).toMatchObject({ hint: expect.stringContaining('the next run') });
  expect(await recorded(folder, 'llm_batch')).toMatchObject([
    { state: 'submitted', provider: 'anthropic', request_hashes: [expect.any(String), expect.any(String)] },
  ]);
  finish({
    [customId('a-2')]: { ends: 'succeeded', text: 'two', usage: { input_tokens: 1_000, output_tokens: 100 } },
  });
  const { answers } = await askAll('a-1', 'a-2', 'a-1');
  expect(submissions()).toHaveLength(1);
  expect(answers.map(({ text }) => text)).toEqual(['ok', 'two', 'ok']);
  expect(answers[1]).toMatchObject({ result: 'ok', cost_usd: 0.0015 });
  expect(answers[2]).toMatchObject({ cost_usd: 0, calls: answers[0]?.calls });
  const [, ended] = await recorded(folder, 'llm_batch');
  expect(ended).toMatchObject({ state: 'ended', succeeded: 2, errored: 0, canceled: 0, expired: 0 });
  const calls = await recorded(folder, 'llm_call');
  expect(calls).toHaveLength(2);
  expect(calls.every(({ batch, outcome }) => batch === true && outcome === 'ok')).toBe(true);
  expect(singles()).toHaveLength(0);
});

test('What a batch has no answer to is asked by itself: errored, canceled, expired.', async () => {
  await askAll('b-1', 'b-2', 'b-3', 'b-4');
  finish({
    [customId('b-1')]: { ends: 'errored', type: 'overloaded_error' },
    [customId('b-2')]: { ends: 'canceled' },
    [customId('b-3')]: { ends: 'expired' },
  });
  fake.script({ do: 'text', text: 'one' }, { do: 'text', text: 'two' }, { do: 'text', text: 'three' });
  const { answers } = await askAll('b-1', 'b-2', 'b-3', 'b-4');
  expect(answers.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'ok']);
  expect((await recorded(folder, 'llm_batch')).at(-1)).toMatchObject({
    ...{ state: 'ended', succeeded: 1, errored: 1, canceled: 1, expired: 1 },
  });
});

test('A batch that the provider does not know any more is ended, and its requests are asked by themselves or anew.', async () => {
  await askAll('c-1', 'c-2');
  fake.forgetBatches();
  fake.script({ do: 'text', text: 'one' }, { do: 'text', text: 'two' });
  const { answers } = await askAll('c-1', 'c-2');
  expect(answers.map(({ text }) => text)).toEqual(['one', 'two']);
  expect((await recorded(folder, 'llm_batch')).at(-1)).toMatchObject({
    state: 'ended',
    error: 'anthropic does not know this batch, or has its answers no more',
  });
});

test('A request whose worst case no budget allows is not sent; one alone is no batch.', async () => {
  await set('  per_pass_usd: 0.0601\n');
  const before = submissions().length;
  const { answers } = await askAll('d-1', 'd-2', 'd-3');
  expect(answers.map(({ result }) => result)).toEqual(['failed', 'over_budget', 'over_budget']);
  expect(submissions()).toHaveLength(before + 1);
  await set('');
  fake.script({ do: 'text', text: 'alone' });
  const { answers: single } = await askAll('e-1');
  expect(single).toMatchObject([{ result: 'ok', text: 'alone' }]);
  expect(submissions()).toHaveLength(before + 1);
});

const askOne = (words: string) =>
  inLlm(
    folder,
    (llm) => llm.complete(asking(words)),
    { env: { ANTHROPIC_API_KEY: fake.key } },
    { clock: quickClock() },
  );

test('A question that waits in a batch is not asked by itself: it waits, and then takes the answer from there.', async () => {
  await askAll('f-1', 'f-2', 'f-3');
  const [before, sent] = [singles().length, submissions().length];
  const waiting = await askOne('f-1');
  expect(waiting).toMatchObject({ result: 'failed', reason: expect.stringContaining('still under way') });
  expect((await askAll('f-2')).answers).toMatchObject([{ result: 'failed' }]);
  finish({
    [customId('f-1')]: { ends: 'succeeded', text: 'one', usage: { input_tokens: 1_000, output_tokens: 100 } },
  });
  const calls = (await recorded(folder, 'llm_call')).length;
  expect(await askOne('f-1')).toMatchObject({ result: 'ok', text: 'one', cost_usd: 0.0015 });
  // All three are paid, so all three are on record, and those that are left can still be taken.
  expect(await recorded(folder, 'llm_call')).toHaveLength(calls + 3);
  expect((await recorded(folder, 'llm_batch')).at(-1)).toMatchObject({
    state: 'fetched',
    taken_hashes: [customId('f-1')],
  });
  expect((await askAll('f-3')).answers).toMatchObject([{ result: 'ok', text: 'ok' }]);
  expect(await askOne('f-2')).toMatchObject({ result: 'ok', text: 'ok' });
  expect((await recorded(folder, 'llm_batch')).at(-1)).toMatchObject({ state: 'ended' });
  expect(await recorded(folder, 'llm_call')).toHaveLength(calls + 3);
  expect([singles().length, submissions().length]).toEqual([before, sent]);
});

test('Another set of questions takes what it wants of a batch, and leaves the rest to whoever asks for it.', async () => {
  await askAll('g-a', 'g-b');
  finish();
  fake.script({ do: 'text', text: 'new' });
  const sent = submissions().length;
  expect((await askAll('g-a', 'g-c')).answers.map(({ text }) => text)).toEqual(['ok', 'new']);
  const calls = await recorded(folder, 'llm_call');
  const [a, b] = ['g-a', 'g-b'].map(customId);
  for (const hash of [a, b])
    expect(calls.filter(({ extra }) => extra?.request_hash === hash)).toMatchObject([
      { outcome: 'ok', batch: true, cost_usd: expect.any(Number) },
    ]);
  const { answers } = await askAll('g-b');
  expect(answers).toMatchObject([
    { result: 'ok', text: 'ok', calls: [calls.find(({ extra }) => extra?.request_hash === b)?.id] },
  ]);
  expect(submissions()).toHaveLength(sent);
  // It was taken: who asks once more, asks anew.
  fake.script({ do: 'text', text: 'anew' });
  expect(await askOne('g-b')).toMatchObject({ text: 'anew' });
});

test('What a batch has cost is on record although nobody asks for its answers any more, and it ends when they are lost.', async () => {
  await askAll('h-1', 'h-2');
  finish();
  const hashes: unknown[] = ['h-1', 'h-2'].map(customId);
  const look = async () => {
    const calls = await recorded(folder, 'llm_call');
    const batches = await recorded(folder, 'llm_batch');
    return {
      calls: calls.filter(({ extra }) => hashes.includes(extra?.request_hash)).length,
      last: batches.filter(({ request_hashes: [first] }) => hashes.includes(first)).at(-1),
    };
  };
  const later = async (days: number) => {
    const quick = quickClock();
    const clock = { ...quick, now: () => new Date(quick.now().getTime() + days * 86_400_000) };
    fake.script({ do: 'text', text: 'other' });
    const env = { ANTHROPIC_API_KEY: fake.key };
    await inLlm(folder, (llm) => llm.complete(asking(`h-${days}-days`)), { env }, { clock });
    return look();
  };
  expect(await later(0.5)).toMatchObject({ calls: 0, last: { state: 'submitted' } });
  expect(await later(2)).toMatchObject({ calls: 2, last: { state: 'fetched', taken_hashes: [] } });
  expect(await askOne('h-1')).toMatchObject({ result: 'ok', text: 'ok' });
  expect(await later(22)).toMatchObject({ calls: 2, last: { state: 'ended', taken_hashes: [hashes[1]] } });
});
