import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/contracts/json-text.ts';

function issueOf(text: string) {
  const read = parseJson(text);
  return read.ok ? undefined : read.issues[0];
}

describe('strict JSON', () => {
  test('gives what JSON.parse gives, and nothing that JSON.parse refuses.', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const read = parseJson(text);
        expect(read.ok && read.data).toEqual(JSON.parse(text));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,0a-e.t\n\\/ '), maxLength: 20 }), (text) => {
        const wanted = tryParse(text);
        const read = parseJson(text);
        expect(read.ok).toBe(wanted.ok);
      }),
      { numRuns: 500 },
    );
  });

  test('names a key that stands twice, with its line, however it is written.', () => {
    expect(issueOf('{\n"a": 1,\n"b": 2,\n"a": 3\n}')).toMatchObject({
      line: 4,
      field: 'a',
      found: 'it twice',
    });
    expect(issueOf('{"x": {"a": 1,\n"\\u0061": 2}}')).toMatchObject({ line: 2, field: 'a' });
    expect(issueOf('[{"a": 1}, {"a": 2}]')).toBeUndefined();
    expect(issueOf('{"a": {"a": {"a": 1}}}')).toBeUndefined();
  });

  test.each([
    ['{\n  "a": 1,\n}', 3, 'PropertyNameExpected'],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 'CommaExpected'],
    ['{\n\n "a": tru }', 3, 'InvalidSymbol'],
    ['// hello\n{}', 1, 'InvalidCommentToken'],
    ['{"a": NaN}', 1, 'InvalidSymbol'],
    ['{"a": 01}', 1, 'CommaExpected'],
    ['{"a": "\\x"}', 1, 'InvalidEscapeCharacter'],
    ["{'a': 1}", 1, 'InvalidSymbol'],
    ['{"a": 1} {"b": 2}', 1, 'EndOfFileExpected'],
  ])('names the line and the reason of the error in %j.', (text, line, reason) => {
    expect(issueOf(text)).toMatchObject({ line, field: '', expected: `valid JSON (${reason})` });
  });

  test('says where a file was cut off.', () => {
    expect(issueOf('{\n  "a": 1,\n  "b": [1, 2')).toMatchObject({
      line: 3,
      found: 'the end of the line or file',
    });
  });

  test('never quotes a secret, nor a half of one.', () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    for (const text of [
      `{"a": ${token}}`,
      `{"a": ${'x'.repeat(30)} ${token}}`,
      `${token}`,
      `{"a": "${token}}`,
    ])
      expect(JSON.stringify(issueOf(text))).not.toMatch(/ghp_a/);
  });

  test('finds the line of every field, in objects and lists.', () => {
    const read = parseJson('{\n "a": {\n  "b": [\n   1,\n   {"c": 2}\n  ]\n }\n}');
    if (!read.ok) throw new Error('expected JSON that can be read');
    expect(read.lineOf([])).toBe(1);
    expect(read.lineOf(['a'])).toBe(2);
    expect(read.lineOf(['a', 'b', 1, 'c'])).toBe(5);
    expect(read.lineOf(['a', 'missing'])).toBeUndefined();
  });

  test('takes keys such as __proto__ for what they are, and changes no prototype.', () => {
    const read = parseJson(
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    );
    expect(read.ok && Object.keys(read.data as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(issueOf('{"__proto__": 1, "__proto__": 2}')).toMatchObject({
      field: '__proto__',
      found: 'it twice',
    });
  });
});

function tryParse(text: string): { ok: boolean } {
  try {
    JSON.parse(text);
    return { ok: true };
  } catch {
    return { ok: false };
  }
}
