import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contractExtensions, parseBytes } from '../../src/contracts/parse-text.ts';

const samples: Readonly<Record<string, string>> = {
  '.json': '{"a": 1,\n"b": "x"}\n',
  '.yaml': 'a: 1\nb: x\n',
  '.yml': 'a: 1\nb: x\n',
  '.md': '---\na: 1\nb: x\n---\n',
};

function issuesOf(bytes: Uint8Array | string, extension: string) {
  const read = parseBytes(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, extension);
  return read.ok ? [] : read.issues;
}

describe('the bytes of a contract', () => {
  test.each(Object.entries(samples))(
    'of a %s file may start with a byte order mark and end lines with CRLF.',
    (extension, text) => {
      const plain = parseBytes(Buffer.from(text), extension);
      expect(plain).toMatchObject({ ok: true, data: { a: 1, b: 'x' } });
      for (const variant of [
        `\uFEFF${text}`,
        text.replaceAll('\n', '\r\n'),
        `\uFEFF${text.replaceAll('\n', '\r\n')}`,
      ])
        expect(parseBytes(Buffer.from(variant), extension)).toMatchObject({
          ok: true,
          data: { a: 1, b: 'x' },
        });
    },
  );

  test('have to be UTF-8 text without zeros, and say so when they are not.', () => {
    const utf16 = Buffer.from(samples['.json'] ?? '', 'utf16le');
    expect(issuesOf(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), '.json')).toMatchObject([
      { expected: 'UTF-8 text' },
    ]);
    expect(issuesOf(utf16, '.json')).toMatchObject([{ expected: 'text', found: 'bytes of zero' }]);
    expect(issuesOf(Buffer.from([0x7b, 0xc3, 0x28, 0x7d]), '.json')).toMatchObject([
      { expected: 'UTF-8 text' },
    ]);
    expect(issuesOf(Buffer.from('{"a": "é"}', 'latin1'), '.json')).toMatchObject([
      { expected: 'UTF-8 text' },
    ]);
    expect(issuesOf('a: x\0y\n', '.yaml')).toMatchObject([{ expected: 'text', found: 'bytes of zero' }]);
  });

  test.each(contractExtensions)('of a %s file may not be missing.', (extension) => {
    for (const text of ['', ' \n\t\r\n', '\uFEFF'])
      expect(issuesOf(text, extension)).toMatchObject([{ line: 1, found: 'an empty file' }]);
  });

  test('may not hold a conflict that git left, and the line is named.', () => {
    const text = 'a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n';
    for (const extension of ['.yaml', '.json', '.md'])
      expect(issuesOf(text, extension)).toMatchObject([{ line: 2, found: 'git conflict markers' }]);
    expect(issuesOf(text.replaceAll('\n', '\r\n'), '.yaml')).toMatchObject([{ line: 2 }]);
  });

  test('may talk about conflict markers inside a line.', () => {
    expect(issuesOf('a: "<<<<<<< HEAD and >>>>>>> other"\n', '.yaml')).toEqual([]);
    expect(issuesOf('---\na: 1\n---\n    <<<<<<< HEAD\n    >>>>>>> x\n', '.md')).toEqual([]);
  });

  test('are read by their ending alone, and others are refused.', () => {
    for (const extension of ['', '.txt', '.js', '.JSON', '.toml'])
      expect(issuesOf('{}', extension)).toMatchObject([
        { expected: 'a file that ends in .json, .yaml, .yml, .md' },
      ]);
  });

  test.each([60, 1_000, 4_000, 5_000, 7_000, 10_000, 100_000])(
    'may nest %i levels deep without harm: that is refused.',
    (levels) => {
      const lists = '['.repeat(levels) + ']'.repeat(levels);
      const maps = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
      for (const text of [lists, maps, `{"extra": ${lists}}`, `a: ${lists}`, '['.repeat(levels)])
        for (const extension of ['.json', '.yaml']) expect(issuesOf(text, extension)).toHaveLength(1);
      expect(issuesOf(`---\na: ${lists}\n---\n`, '.md')).toHaveLength(1);
    },
  );

  test('never crash the reader, whatever they are.', () => {
    const pieces = fc.constantFrom(
      '---',
      '\n',
      'a: ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '&x ',
      '*x',
      '!!set ',
      '|',
      '>',
      '#',
      '\t',
      '\r',
      '<<<<<<< ',
      '%YAML 1.1\n',
      '\u2028',
      '0x',
      '? ',
    );
    const text = fc.array(pieces, { maxLength: 40 }).map((some) => Buffer.from(some.join('')));
    const bytes = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(text, bytes), fc.constantFrom(...contractExtensions), (content, extension) => {
        const read = parseBytes(content, extension);
        if (!read.ok) expect(read.issues.length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
