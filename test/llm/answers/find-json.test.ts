import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { findJson } from '../../../src/llm/answers/find-json.ts';
import { judgeAnswer } from '../../../src/llm/answers/judge-answer.ts';

test.each([
  ['{"a": 1}', { a: 1 }],
  ['  [1, 2]\n', [1, 2]],
  ['```json\n{"a": 1}\n```', { a: 1 }],
  ['Here it is:\n\n```\n{"a": "}"}\n```\nI hope it helps.', { a: '}' }],
  ['Sure! {"a": {"b": "say \\"}\\" twice"}} Anything else?', { a: { b: 'say "}" twice' } }],
  ['I used {braces} and then {"a": 1}', { a: 1 }],
])('One JSON value is found in %j.', (text, data) => {
  expect(findJson(text)).toEqual({ ok: true, data });
});

test.each([
  ['', /found nothing/],
  ['I could not do that.', /found prose/],
  ['{"a": 1, "b": [1, 2', /broken or cut off/],
  ['```json\n{"a": 1', /broken or cut off/],
  ['Either {"a": 1} or {"a": 2}.', /found 2/],
  ['```json\n{"a": 1}\n```\nor\n```json\n{"a": 2}\n```', /found 2/],
  ['x'.repeat(10_000_000), /10000000 characters/],
  ['{'.repeat(200_000), /broken/],
])('No JSON value is guessed from %.30s', (text, reason) => {
  expect(findJson(text)).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
});

test('An object comes back whole from any prose without braces around it.', () => {
  const prose = fc.string().map((text) => text.replaceAll(/[{}`"]/g, ''));
  fc.assert(
    fc.property(fc.object(), prose, prose, (value, before, after) => {
      const object = JSON.parse(JSON.stringify({ value })) as unknown;
      expect(findJson(`so: ${before}\n${JSON.stringify(object)}\n${after}`)).toEqual({
        ok: true,
        data: object,
      });
    }),
    { numRuns: 300 },
  );
});

const schema = z.strictObject({ bullets: z.array(z.strictObject({ text: z.string().max(20) })) });
const answered = {
  result: 'answered' as const,
  toolCalls: [],
  model: 'm',
  usage: { input: 1, output: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
};
const judge = (text: string, stop: 'end' | 'length' | 'refused' = 'end') =>
  judgeAnswer({ schema, purpose: 'draft' }, { ...answered, text, stop }, 50);

test('What does not fit the schema is invalid, and every reason names its place.', () => {
  expect(judge('{"bullets": []}')).toMatchObject({ result: 'ok', value: { bullets: [] } });
  expect(judge('{"bullets": [{"text": 7}], "path": "/etc"}')).toMatchObject({
    result: 'invalid',
    reason: 'bullets.0.text: expected a string, found 7; path: expected a known field, found an unknown one',
  });
  expect(judge('{"bullets": [', 'length')).toMatchObject({
    result: 'invalid',
    reason: 'cut off at max tokens (50)',
  });
  expect(judge('No.', 'refused')).toMatchObject({ result: 'refused' });
  const deep = `{"bullets": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  expect(judge(deep)).toMatchObject({ result: 'invalid' });
});
