import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseFrontMatter } from '../../src/contracts/front-matter.ts';
import { parseBytes } from '../../src/contracts/parse-text.ts';

function issueOf(text: string) {
  const read = parseFrontMatter(text);
  return read.ok ? undefined : read.issues[0];
}

describe('front matter', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millwright-front-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    'js',
    'javascript',
    'JS',
    ' js',
    'coffee',
    'coffeescript',
    'cson',
    'json',
    'toml',
    'constructor',
    '__proto__',
    'toString',
    'yaml js',
  ])('in the language %j is refused, and nothing in it runs.', (language) => {
    const mark = join(folder, `ran-${language.trim()}`);
    const code = `process.getBuiltinModule('node:fs').writeFileSync(${JSON.stringify(mark)}, 'x')`;
    for (const body of [code, `module.exports = ${code}`, `(() => ${code})()`, `{"a": 1}`]) {
      const read = parseBytes(Buffer.from(`---${language}\n${body}\n---\ntext\n`), '.md');
      expect(read).toMatchObject({
        ok: false,
        issues: [{ line: 1, found: expect.stringContaining('front matter in') }],
      });
    }
    expect(existsSync(mark)).toBe(false);
  });

  test.each(['---', '--- ', '---yaml', '--- yml', '---YAML'])('opens with %j.', (fence) => {
    const read = parseFrontMatter(`${fence}\na: 1\n---\n\nbody\n`);
    expect(read).toMatchObject({ ok: true, data: { a: 1 }, body: 'body' });
  });

  test('ends at the first line of ---; what looks like one below is text.', () => {
    const read = parseFrontMatter('---\na: 1\n---\none\n\n---\n\ntwo\n');
    expect(read).toMatchObject({ ok: true, data: { a: 1 }, body: 'one\n\n---\n\ntwo' });
  });

  test('needs its second fence: a file that was cut off is no whole one.', () => {
    expect(issueOf('---\nidea_id: a\noutcome: accepted\n')).toMatchObject({
      line: 1,
      found: 'no second line of ---',
    });
    expect(issueOf('---\na: 1\n---oops\ntext\n')).toMatchObject({ line: 3, found: '"---oops"' });
    expect(issueOf('---\na: 1\n----\n')).toMatchObject({ line: 3 });
  });

  test.each([
    'hello\n',
    '\n---\na: 1\n---\n',
    '----\na: 1\n----\n',
    ' ---\na: 1\n---\n',
    '# title\n---\na: 1\n---\n',
  ])('has to be at the very top, which it is not in %j.', (text) => {
    expect(issueOf(text)).toMatchObject({
      line: 1,
      field: '',
      expected: expect.stringContaining('at the top'),
    });
  });

  test('that is empty gives no fields, and keeps the text.', () => {
    expect(parseFrontMatter('---\n---\nbody\n')).toMatchObject({ ok: true, data: null, body: 'body' });
    expect(parseFrontMatter('---\n# only a comment\n---\n')).toMatchObject({
      ok: true,
      data: null,
      body: '',
    });
  });

  test('counts lines from the top of the file, with LF and with CRLF.', () => {
    for (const end of ['\n', '\r\n']) {
      const text = ['---', 'a: 1', 'b:', '  - x', 'c: 3', '---', 'text'].join(end);
      const read = parseBytes(Buffer.from(text), '.md');
      if (!read.ok) throw new Error('expected front matter that can be read');
      expect([['a'], ['b', 0], ['c']].map((path) => read.lineOf(path))).toEqual([2, 4, 5]);
      const broken = parseBytes(Buffer.from(['---', 'a: 1', 'b: "x', '---', ''].join(end)), '.md');
      expect(broken).toMatchObject({ ok: false, issues: [{ line: 3 }] });
    }
  });

  test('of hundreds of thousands of empty lines takes no time to speak of.', () => {
    const since = performance.now();
    const read = parseBytes(Buffer.from(`---\n${'\n'.repeat(400_000)}a: 1\n---\n`), '.md');
    expect(read).toMatchObject({ ok: true, data: { a: 1 } });
    expect(performance.now() - since).toBeLessThan(5_000);
  });
});
