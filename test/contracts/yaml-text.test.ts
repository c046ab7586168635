import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { parseBytes } from '../../src/contracts/parse-text.ts';
import { parseYaml } from '../../src/contracts/yaml-text.ts';

function issueOf(text: string, firstLine?: number) {
  const read = parseYaml(text, firstLine);
  return read.ok ? undefined : read.issues[0];
}

function dataOf(text: string): unknown {
  const read = parseYaml(text);
  if (!read.ok) throw new Error(JSON.stringify(read.issues));
  return read.data;
}

describe('strict YAML', () => {
  const warned = vi.fn();
  beforeEach(() => void process.on('warning', warned));
  afterEach(() => void process.off('warning', warned));

  test('reads back what was written.', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(value, (data) => {
        expect(JSON.stringify(dataOf(stringify(data)))).toBe(JSON.stringify(data));
      }),
    );
  });

  test('keeps times, versions and the words yes and no as text, whatever version the file names.', () => {
    const text = 'at: 2026-11-21T08:30:00Z\nday: 2026-11-21\nversion: 1.2.0\nsure: yes\nnot: no\noff: off\n';
    const wanted = {
      at: '2026-11-21T08:30:00Z',
      day: '2026-11-21',
      version: '1.2.0',
      sure: 'yes',
      not: 'no',
      off: 'off',
    };
    expect(dataOf(text)).toEqual(wanted);
    expect(dataOf(`%YAML 1.1\n---\n${text}`)).toEqual(wanted);
  });

  test('does not merge with <<.', () => {
    expect(dataOf('a: &a {x: 1}\nb:\n  <<: *a\n')).toEqual({ a: { x: 1 }, b: { '<<': { x: 1 } } });
  });

  test.each([
    ['a: 1\nb: 2\na: 3\n', 3, 'a'],
    ['x:\n  a: 1\n  "a": 2\n', 3, 'a'],
    ['1: a\n"1": b\n', 2, '1'],
    ['- {b: 1, b: 2}\n', 1, 'b'],
  ])('names the key that stands twice in %j, with its line.', (text, line, field) => {
    expect(issueOf(text)).toMatchObject({ line, field, expected: 'each key once' });
  });

  test.each([
    ['a: !!js/function "function () {}"', 'Unresolved tag'],
    ['a: !ruby/object:Gem {}', 'Unresolved tag'],
    ['a: !!binary aGk=', 'Unresolved tag'],
    ['a: !!timestamp 2026-11-21', 'Unresolved tag'],
    ['a: !!set {x}', 'Unresolved tag'],
    ['a: [1', 'Flow sequence'],
    ['a: "x', 'Missing closing'],
    ['a: 1\n---\nb: 2', 'a second document'],
    ['a: *nobody', 'Unresolved alias'],
  ])('refuses %j.', (text, words) => {
    expect(issueOf(text)?.found).toContain(words);
  });

  test('refuses aliases that expand to more than anybody wrote.', () => {
    const rows = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [to, from] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'].map((pair) => [pair[0], pair[1]]))
      rows.push(`${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(', ')}]`);
    expect(issueOf(rows.join('\n'))?.expected).toBe('YAML that expands to plain data');
    for (const circle of ['a: &a [*a]', 'a: &a [*a, *a, *a]', 'a: &a {b: *a}', '&a {a: *a}'])
      expect(parseBytes(Buffer.from(circle), '.yaml')).toMatchObject({ ok: false });
  });

  test('gives up early on a text that is too deep or has too many parts.', () => {
    for (const text of [
      '['.repeat(5_000_000),
      '- '.repeat(100_000),
      '{a: '.repeat(100_000),
      'a:\n'.repeat(600_000),
    ])
      expect(() => parseYaml(text)).toThrow(RangeError);
  });

  test('says nothing on the terminal about a file, whatever is in it.', async () => {
    expect(dataOf('? [a, b]\n: c\n')).toEqual({ '[ a, b ]': 'c' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(warned).not.toHaveBeenCalled();
  });

  test('takes keys such as __proto__ for what they are, and changes no prototype.', () => {
    const data = dataOf('__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n');
    expect(Object.keys(data as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('finds the line of every field, counted from the line where the text starts.', () => {
    const text = '# comment\n\na: 1\nb:\n  - x\n  - c: |\n      one\n      two\n    d: 2\n';
    const read = parseYaml(text, 10);
    if (!read.ok) throw new Error('expected YAML that can be read');
    expect([['a'], ['b', 0], ['b', 1, 'c'], ['b', 1, 'd']].map((path) => read.lineOf(path))).toEqual([
      12, 14, 15, 18,
    ]);
    expect(read.lineOf(['missing'])).toBeUndefined();
    expect(issueOf('a: 1\nb: [\n', 5)?.line).toBeGreaterThanOrEqual(6);
  });

  test('takes an empty text, and one of comments, for nothing.', () => {
    expect(dataOf('')).toBeNull();
    expect(dataOf('# nothing\n')).toBeNull();
  });

  test('never quotes a secret.', () => {
    const token = `glpat-${'a1B2'.repeat(6)}`;
    for (const text of [`a: *${token}`, `a: !${token} x`, `a: "${token}`, `? ${token}\n? ${token}\n`])
      expect(JSON.stringify(issueOf(text))).not.toContain(token);
  });
});
