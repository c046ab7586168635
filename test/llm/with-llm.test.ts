import { rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { withLlm } from '../../src/llm/with-llm.ts';
import { freshWorkspace, inWorkspace } from '../e2e/prepared-workspace.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { asking, droppedCalls, inLlm, recorded, recordedSettings, takeIn } from './llm-place.ts';

let folder: GitFolder;
beforeAll(async () => {
  folder = await freshWorkspace();
  await folder.write('replies.jsonl', replies.map((reply) => `${JSON.stringify(reply)}\n`).join(''));
});
afterAll(() => folder[Symbol.asyncDispose]());
beforeEach(() => rm(join(folder.dir, 'queue/inbox/llm_call'), { recursive: true, force: true }));

const set = (settings: string) => folder.write('millwright.yaml', settings);

const replies: readonly object[] = [
  { contains: 'prose', reply: 'I think it is the cache.' },
  { contains: 'half', reply: '{"cause": "the ca' },
  {
    contains: ['draft', 'again'],
    reply: 'Of course:\n```json\n{"cause": "cache", "records": ["a"]}\n```',
  },
  { contains: 'draft', reply: { cause: 7, records: ['a', 'b', 'c'], path: '../x' } },
  { contains: 'once', reply: 'first', times: 1 },
  { contains: 'once', reply: 'second' },
  {
    purpose: 'greet',
    reply: 'hello',
    usage: { input: 1_000, output: 500, cacheRead: 4_000, cacheWrite5m: 30, cacheWrite1h: 70 },
  },
];

const schema = z.strictObject({ cause: z.string(), records: z.array(z.string()).max(2) });

describe('a workspace without a model', () => {
  test('says for every tier in one sentence which setting is missing, asks nobody and records nothing.', async () => {
    await inLlm(folder, async (llm) => {
      for (const tier of ['brain', 'sub', 'local'] as const) {
        expect(llm.problemOf(tier)).toBe(
          `no model is set for "${tier}": llm.tiers.${tier} is missing in millwright.yaml`,
        );
        const answer = await llm.complete(asking('Hello?', { tier }));
        expect(answer).toMatchObject({
          result: 'not_configured',
          reason: llm.problemOf(tier),
          calls: [],
          cost_usd: 0,
        });
      }
      const all = await llm.completeAll([asking('One?'), asking('Two?')]);
      expect(all.map(({ result }) => result)).toEqual(['not_configured', 'not_configured']);
    });
    expect(await droppedCalls(folder)).toEqual([]);
    expect(await folder.git('for-each-ref', 'refs/millwright')).toBe('');
  });

  test.each([
    [
      'anthropic/claude-sonnet-5-5',
      /llm\.tiers\.brain is anthropic\/claude-sonnet-5-5, .*ANTHROPIC_API_KEY is not set/,
    ],
    ['antropic/claude-sonnet-5-5', /names the provider "antropic", which llm\.providers does not have/],
    ['far/gpt-9', /no price is known for gpt-9/],
  ])('or with the tier %s says what is missing.', async (place, problem) => {
    await set(
      `llm: { tiers: { brain: ${place} }, providers: { far: { type: openai, base_url: 'https://models.example' } } }\n`,
    );
    await inLlm(folder, async (llm) => {
      expect(llm.problemOf('brain')).toMatch(problem);
      expect(await llm.complete(asking('Hello?'))).toMatchObject({ result: 'not_configured' });
    });
  });

  test('takes a model of this machine without key and price for the tier local; only the first slash divides.', async () => {
    await set('llm: { tiers: { local: openai/library/qwen3, brain: openai/library/qwen3 } }\n');
    await inLlm(folder, async (llm) => {
      expect(llm.problemOf('local')).toBeUndefined();
      expect(llm.problemOf('brain')).toMatch(/no price is known for library\/qwen3/);
      const asked = await llm.complete(asking('Hello?'));
      expect(asked).toMatchObject({ result: 'not_configured', hint: expect.stringContaining('llm.prices') });
    });
    const zeros = 'input: 0, output: 0, cache_write_5m: 0, cache_write_1h: 0, cache_read: 0';
    await set(
      `llm: { tiers: { brain: openai/qwen3 }, prices: [{ model: qwen3, effective_from: '2026-01-01T00:00:00Z', ${zeros} }] }\n`,
    );
    await inLlm(folder, async (llm) => {
      expect(llm.problemOf('brain')).toBeUndefined();
    });
  });
});

describe('the port', () => {
  beforeEach(() => set(recordedSettings));

  test('returns the text, and leaves a record that a pass takes in, without a word of the prompt.', async () => {
    const answer = await inLlm(folder, (llm) =>
      llm.complete(
        asking('The secret word is xylophone.', {
          purpose: 'greet',
          persona: { id: 'ada', version: '1.2.0' },
          sessionId: 's-1',
          promptHash: 'abc',
        }),
      ),
    );
    expect(answer).toMatchObject({ result: 'ok', value: 'hello', text: 'hello', cost_usd: 0.0056 });
    await takeIn(folder);
    expect(await droppedCalls(folder)).toEqual([]);
    const call = (await recorded(folder, 'llm_call')).find(({ id }) => id === answer.calls[0]);
    expect(call).toMatchObject({
      ...{ id: answer.calls[0], source: 'llm', tier: 'brain', provider: 'replies', model: 'echo' },
      ...{
        persona_id: 'ada',
        persona_version: '1.2.0',
        session_id: 's-1',
        prompt_hash: 'abc',
        purpose: 'greet',
      },
      ...{ input_tokens: 1_000, output_tokens: 500, cache_read_tokens: 4_000, cache_write_tokens: 100 },
      ...{ cost_usd: 0.0056, price_from: '2026-01-01T00:00:00.000Z', attempts: 1, outcome: 'ok' },
    });
    expect(JSON.stringify(call)).not.toContain('xylophone');
  });

  test('returns what the schema says, or what is wrong with each field.', async () => {
    const answers = await inLlm(folder, (llm) =>
      llm.completeAll(
        ['prose', 'half', 'draft', 'draft again'].map((words) => ({ ...asking(words), schema })),
      ),
    );
    expect(answers).toMatchObject([
      { result: 'invalid', reason: 'expected JSON, found prose', text: 'I think it is the cache.' },
      { result: 'invalid', reason: 'expected JSON, found JSON that is broken or cut off' },
      {
        result: 'invalid',
        reason: expect.stringMatching(
          /^cause: expected a string, found 7; records: expected at most 2.*; path:/,
        ),
      },
      { result: 'ok', value: { cause: 'cache', records: ['a'] } },
    ]);
    expect((await droppedCalls(folder)).map(({ outcome }) => outcome)).toEqual([
      'invalid',
      'invalid',
      'invalid',
      'ok',
    ]);
  });

  test('uses a recorded reply as often as it may be used, and says when none is left.', async () => {
    await inWorkspace(folder.dir, async (context) => {
      const ask = () => withLlm(context, (llm) => llm.complete(asking('once')), { env: {} });
      const said = [await ask(), await ask(), await ask()];
      expect(said.map((one) => one.text)).toEqual(['first', 'second', 'second']);
    });
    expect(await inLlm(folder, (llm) => llm.complete(asking('nothing fits')))).toMatchObject({
      result: 'failed',
      reason: 'replies/echo: replies.jsonl has no reply left for this question (test)',
      cost_usd: 0,
    });
  });

  test('reads replies from no place outside of the workspace.', async () => {
    await writeFile(join(dirname(folder.dir), 'outside.jsonl'), '{"reply": "stolen"}\n');
    await symlink('../outside.jsonl', join(folder.dir, 'link.jsonl'));
    for (const file of ['../outside.jsonl', 'link.jsonl', join(dirname(folder.dir), 'outside.jsonl')]) {
      await set(recordedSettings.replace('replies.jsonl', file));
      const answer = await inLlm(folder, (llm) => llm.complete(asking('Hello?')));
      expect(answer).toMatchObject({
        result: 'failed',
        reason: expect.stringMatching(/not below|symbolic link/),
      });
    }
  });

  test('asks nothing whose worst case a budget does not allow, and names the setting.', async () => {
    for (const [setting, hint] of [
      ['per_pass_usd: 0.0001', 'llm.per_pass_usd'],
      ['per_day_usd: 0.0001', 'llm.per_day_usd'],
      ['per_persona_usd: 0.0001', 'llm.per_persona_usd'],
    ] as const) {
      await set(`${recordedSettings}  ${setting}\n`);
      const request = asking('once', { persona: { id: 'ada', version: '1.0.0' } });
      const answer = await inLlm(folder, (llm) => llm.complete(request));
      expect(answer).toMatchObject({ result: 'over_budget', calls: [], cost_usd: 0 });
      expect(answer.result === 'ok' ? '' : answer.hint).toMatch(
        new RegExp(`^raise ${hint} .* to at least 0\\.`),
      );
      expect(answer.result === 'ok' ? '' : answer.reason).toContain('too small for any such call');
    }
    expect(await droppedCalls(folder)).toEqual([]);
  });

  test('gives back at the end what it did not spend, and shares the budget of a pass by its context.', async () => {
    await using fresh = await freshWorkspace();
    await fresh.write('replies.jsonl', await folder.read('replies.jsonl'));
    await fresh.write('millwright.yaml', `${recordedSettings}  per_pass_usd: 0.02\n`);
    await inWorkspace(fresh.dir, async (context) => {
      const ask = () =>
        withLlm(context, (llm) => llm.complete(asking('x', { purpose: 'greet' })), { env: {} });
      const results = [];
      for (let n = 0; n < 4; n += 1) results.push((await ask()).result);
      expect(results).toEqual(['ok', 'ok', 'over_budget', 'over_budget']);
    });
    const day = (await fresh.git('for-each-ref', '--format=%(refname)', 'refs/millwright/budgets')).split(
      '\n',
    );
    expect(day).toHaveLength(1);
    const file = `queue/budgets/${day[0]?.split('/').at(-1)}.json`;
    expect(JSON.parse(await fresh.git('show', `${day[0]}:${file}`))).toMatchObject({
      spent: { total_usd: 0.0112 },
      holds: [],
    });
  });

  test('stops when it is told to, and says so.', async () => {
    const answer = await inLlm(folder, (llm) => llm.complete(asking('once')), {
      signal: AbortSignal.abort(),
    });
    expect(answer).toMatchObject({ result: 'failed', reason: 'interrupted' });
  });
});
