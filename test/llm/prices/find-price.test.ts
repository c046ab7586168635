import fc from 'fast-check';
import { expect, test } from 'vitest';
import { llmPrice } from '../../../src/contracts/llm-settings.ts';
import { settings } from '../../../src/contracts/settings.ts';
import type { Question } from '../../../src/llm/adapters/adapter.ts';
import { costOf, promptTokens } from '../../../src/llm/prices/cost-of.ts';
import { findPrice, priceSteps } from '../../../src/llm/prices/find-price.ts';
import { priceTable } from '../../../src/llm/prices/price-table.ts';
import { worstCase } from '../../../src/llm/prices/worst-case.ts';

const table = priceTable(settings.parse({}));
const now = new Date('2026-11-21T00:00:00Z');

test.each([
  ['claude-opus-5-5', 4, 20],
  ['claude-opus-5', 5, 25],
  ['claude-opus-4-5', 5, 25],
  ['claude-opus-4-5-20251101', 5, 25],
  ['claude-sonnet-5-5', 2, 10],
  ['claude-sonnet-5', 2, 10],
  ['claude-sonnet-4-5', 3, 15],
  ['claude-haiku-4-5', 1, 5],
  ['claude-fable-5-1', 10, 50],
])(
  '%s costs $%d in and $%d out; a cache is written at 1.25 and 2 times that, a batch is half.',
  (model, input, output) => {
    const price = findPrice(table, model, now, 1_000);
    expect(price).toMatchObject({
      input,
      output,
      cache_write_5m: input * 1.25,
      cache_write_1h: input * 2,
      batch_factor: 0.5,
    });
  },
);

test('A price has a day on which it begins, and steps by the length of the prompt.', () => {
  const read = (day: string) => findPrice(table, 'claude-sonnet-5-5', new Date(day), 1)?.cache_read;
  expect([read('2026-10-06T23:59:59.999Z'), read('2026-10-07T00:00:00Z')]).toEqual([0.2, 0.1]);
  const haiku = (tokens: number) => findPrice(table, 'claude-haiku-5-5', now, tokens)?.input;
  expect([haiku(100_000), haiku(100_001)]).toEqual([0.1, 0.5]);
});

test.each(['claude-opus-5-7', 'claude-opus', 'gpt-9', 'claude-sonnet-5-5-turbo', ''])(
  '%j has no price, because none is guessed.',
  (model) => {
    expect(findPrice(table, model, now, 1)).toBeUndefined();
  },
);

test('Rows of the settings go first; the full name before a pattern, a longer pattern before a shorter one.', () => {
  const row = (model: string, input: number) => ({
    ...{ model, input, output: 1, cache_write_5m: 1, cache_write_1h: 1, cache_read: 1 },
    effective_from: '2026-01-01T00:00:00.000Z',
  });
  const prices = [row('*', 1), row('qwen*', 2), row('qwen3*', 3), row('qwen3-max', 4)];
  const own = priceTable(settings.parse({ llm: { prices } }));
  const inputs = ['qwen3-max', 'qwen3-tiny', 'qwen2', 'claude-opus-5-5'].map(
    (model) => findPrice(own, model, now, 1)?.input,
  );
  expect(inputs).toEqual([4, 3, 2, 1]);
});

test('The worst case is never below what any answer to the question can cost.', () => {
  const usage = fc.record({
    split: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    output: fc.integer({ min: 0, max: 8_000 }),
  });
  const models = ['claude-haiku-5-5', 'claude-opus-5-5', 'claude-sonnet-5-5'];
  const property = fc.property(
    fc.constantFrom(...models),
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.integer({ min: 1, max: 800 }),
    usage,
    fc.boolean(),
    (model, text, times, { split, share, output }, batch) => {
      const content = text.repeat(times);
      const question: Question = {
        model,
        system: [{ text: content, cached: true }],
        messages: [{ role: 'user', content: 'Go' }],
        tools: [],
        maxOutputTokens: 8_000,
        signal: new AbortController().signal,
      };
      // No tokenizer makes more tokens than bytes; whatever way they are charged, they are charged once.
      const tokens = Math.floor(Buffer.byteLength(content) * share);
      const whole = split.reduce((sum, one) => sum + one, 1e-9);
      const [a = 0, b = 0, c = 0, d = 0] = split.map((one) => Math.floor((tokens * one) / whole));
      const took = { input: a, cacheRead: b, cacheWrite5m: c, cacheWrite1h: d, output };
      const price = findPrice(table, model, now, promptTokens(took));
      const worst = worstCase(priceSteps(table, model, now), question, batch) ?? Number.NaN;
      expect(price === undefined ? Number.NaN : costOf(price, took, batch)).toBeLessThanOrEqual(worst);
    },
  );
  fc.assert(property, { numRuns: 200 });
});

test('A prompt that may be longer than any price holds for has no worst case.', () => {
  const [price] = priceSteps(table, 'claude-haiku-5-5', now);
  const short = llmPrice.parse({ ...price, prompt_tokens_max: 3_000 });
  const question = (length: number): Question => ({
    model: 'm',
    system: [{ text: 'x'.repeat(length) }],
    messages: [],
    tools: [],
    maxOutputTokens: 1,
    signal: new AbortController().signal,
  });
  expect(worstCase([short], question(10), false)).toBeGreaterThan(0);
  expect(worstCase([short], question(5_000), false)).toBeUndefined();
});
