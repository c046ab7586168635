import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { LlmTool } from '../../src/llm/llm.ts';
import { freshWorkspace } from '../e2e/prepared-workspace.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { type FakeAnthropic, startFakeAnthropic } from './fake-anthropic-server.ts';
import { asking, droppedCalls, inLlm } from './llm-place.ts';
import { quickClock } from './quick-clock.ts';

let fake: FakeAnthropic;
let folder: GitFolder;
beforeAll(async () => {
  fake = await startFakeAnthropic();
  folder = await freshWorkspace(`
llm:
  tiers: { brain: anthropic/claude-sonnet-5-5 }
  providers: { anthropic: { type: anthropic, base_url: '${fake.url}' } }
`);
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await fake.close();
});

beforeEach(() => rm(join(folder.dir, 'queue/inbox/llm_call'), { recursive: true, force: true }));
const newCalls = () => droppedCalls(folder);

const ask: typeof inLlm = (place, work, options) =>
  inLlm(place, work, { env: { ANTHROPIC_API_KEY: fake.key }, ...options }, { clock: quickClock() });

const looked: unknown[] = [];
const lookUp: LlmTool = {
  name: 'look_up',
  description: 'Looks up a record.',
  input: z.strictObject({ id: z.string().max(5) }),
  run: async (input) => {
    looked.push(input);
    return 'it failed twice';
  },
};

test('Tools are run on checked input, errors go back to the model, and every turn is on record.', async () => {
  fake.script(
    { do: 'tool', name: 'look_up', input: { id: 'much too long' }, text: 'Let me look.' },
    { do: 'tool', name: 'delete_all', input: {} },
    { do: 'tool', name: 'look_up', input: { id: 'r-1' } },
    { do: 'json', value: { cause: 'cache' } },
  );
  const schema = z.strictObject({ cause: z.string() });
  const answer = await ask(folder, (llm) => llm.complete({ ...asking('Why?', { tools: [lookUp] }), schema }));
  expect(answer).toMatchObject({ result: 'ok', value: { cause: 'cache' } });
  expect(answer.calls).toHaveLength(4);
  expect(looked).toEqual([{ id: 'r-1' }]);
  const last = JSON.stringify(fake.requests.at(-1)?.body);
  expect(last).toContain('id: expected at most 5 characters');
  expect(last).toContain('there is no tool of this name; there are: look_up');
  expect(last).toContain('it failed twice');
  expect((await newCalls()).map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok']);
});

test('A model that asks for tools without end is stopped.', async () => {
  fake.script(
    ...Array.from({ length: 10 }, () => ({ do: 'tool', name: 'look_up', input: { id: 'x' } }) as const),
  );
  const answer = await ask(folder, (llm) => llm.complete(asking('Why?', { tools: [lookUp] })));
  expect(answer).toMatchObject({ result: 'invalid', reason: expect.stringContaining('10 times') });
  expect(answer.calls).toHaveLength(10);
});

test('A provider that is overloaded is asked again, and one answer is one record.', async () => {
  fake.script(
    { do: 'status', status: 529 },
    { do: 'status', status: 429, headers: { 'retry-after': '2' } },
    { do: 'text', text: 'hello', usage: { input_tokens: 1_000, output_tokens: 100 } },
  );
  const answer = await ask(folder, (llm) => llm.complete(asking('Hello?')));
  expect(answer).toMatchObject({ result: 'ok', value: 'hello', cost_usd: 0.003 });
  expect(await newCalls()).toMatchObject([
    { attempts: 3, outcome: 'ok', cost_usd: 0.003, input_tokens: 1_000, output_tokens: 100 },
  ]);
});

test('An answer that is cut every time is given up, and what it cost is recorded as not known.', async () => {
  fake.script(...Array.from({ length: 5 }, () => ({ do: 'cut-before' }) as const));
  const answer = await ask(folder, (llm) => llm.complete(asking('Hello?')));
  expect(answer).toMatchObject({ result: 'failed', cost_usd: null });
  expect(await newCalls()).toMatchObject([{ attempts: 5, outcome: 'failed', cost_usd: null }]);
});

test('A refused key waits for a person, and neither the answer nor the record shows it.', async () => {
  const wrong = 'a-key-of-no-known-shape-0123456789';
  const env = { ANTHROPIC_API_KEY: wrong };
  const answer = await ask(folder, (llm) => llm.complete(asking('Hello?')), { env });
  expect(answer).toMatchObject({
    result: 'not_configured',
    hint: expect.stringContaining('ANTHROPIC_API_KEY'),
    cost_usd: 0,
  });
  expect(JSON.stringify([answer, await newCalls()])).not.toContain(wrong);
});

test('What the model would not answer, or not to its end, is no answer.', async () => {
  const schema = z.strictObject({ cause: z.string() });
  fake.script(
    { do: 'text', text: 'No.', stop: 'refusal' },
    { do: 'text', text: '{"cause": "the', stop: 'max_tokens' },
    { do: 'text', text: 'as far as it', stop: 'max_tokens' },
  );
  const answers = await ask(folder, async (llm) => [
    await llm.complete({ ...asking('Why?'), schema }),
    await llm.complete({ ...asking('Why?', { maxOutputTokens: 9 }), schema }),
    await llm.complete(asking('Why?')),
  ]);
  expect(answers).toMatchObject([
    { result: 'refused' },
    { result: 'invalid', reason: 'cut off at max tokens (9)' },
    { result: 'ok', value: 'as far as it' },
  ]);
});

test('A model without a price that answers for another leaves a cost of null and a warning.', async () => {
  fake.script({ do: 'text', text: 'hello', model: 'claude-nobody-9' });
  await ask(folder, async (llm, warnings) => {
    expect(await llm.complete(asking('Hello?'))).toMatchObject({ result: 'ok', cost_usd: null });
    expect(warnings.join()).toContain('no price is known for claude-nobody-9');
  });
  expect(await newCalls()).toMatchObject([
    { model: 'claude-nobody-9', cost_usd: null, extra: { requested_model: 'claude-sonnet-5-5' } },
  ]);
});

test('An answer that nobody can read is invalid, is not asked for again, and its cost counts.', async () => {
  const usage = { input_tokens: 1_000, output_tokens: 100 };
  fake.script({ do: 'text', text: 'x'.repeat(4_000_001), usage });
  const answer = await ask(folder, (llm) => llm.complete(asking('Hello?')));
  expect(answer).toMatchObject({
    result: 'invalid',
    reason: expect.stringContaining('more than 4000000 bytes'),
  });
  expect(answer.calls).toHaveLength(1);
  expect(await newCalls()).toMatchObject([{ attempts: 1, outcome: 'invalid' }]);
});

test('A command that costs more than it may is counted, told of, and not asked again in this pass.', async () => {
  await using place = await freshWorkspace();
  await place.write(
    'dear.mjs',
    `process.stdout.write(JSON.stringify({ result: 'ready', total_cost_usd: 1.5, is_error: process.argv[2] === 'fails' }))`,
  );
  const fields = '{ text: result, cost_usd: total_cost_usd, error: is_error }';
  for (const word of ['works', 'fails']) {
    const command = `['${process.execPath}', '${place.dir}/dear.mjs', ${word}]`;
    const provider = `{ type: command, command: ${command}, format: json, fields: ${fields} }`;
    await place.write(
      'millwright.yaml',
      `llm: { tiers: { brain: dear/small }, providers: { dear: ${provider} }, attempts: 3 }\n`,
    );
    await ask(place, async (llm, warnings) => {
      const first = await llm.complete(asking('Hello?'));
      expect(first).toMatchObject({ cost_usd: 1.5, result: word === 'works' ? 'ok' : 'over_budget' });
      const reason = 'dear cost $1.50, more than the $1.00 of call_usd that was reserved';
      expect(warnings).toContain(reason);
      const second = await llm.complete(asking('Hello?'));
      expect(second).toMatchObject({ result: 'over_budget', reason, calls: [], cost_usd: 0 });
    });
  }
  expect(await droppedCalls(place)).toMatchObject([{ cost_usd: 1.5 }, { cost_usd: 1.5, attempts: 1 }]);
});
