import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitCommand } from '../../src/programs/split-command.ts';

describe('a command', () => {
  test.each([
    ['claude -p', ['claude', '-p']],
    ['  a\tb\n c ', ['a', 'b', 'c']],
    ['a \'b c\' "d e"', ['a', 'b c', 'd e']],
    ['a \'\' ""', ['a', '', '']],
    ['a b"c d"\'e f\'g', ['a', 'bc de fg']],
    ['a b\\ c \\\\ \\"', ['a', 'b c', '\\', '"']],
    ['a "b \\" \\\\ \\n $x `y`"', ['a', 'b " \\ \\n $x `y`']],
    ["a 'b \\ \" $x'", ['a', 'b \\ " $x']],
    ['a $HOME *.ts ~ x|y a&b "&&" \\| b\\;', ['a', '$HOME', '*.ts', '~', 'x|y', 'a&b', '&&', '|', 'b;']],
  ])('is split by quotes and blanks alone: %s', (text, words) => {
    expect(splitCommand(text)).toEqual(words);
  });

  test.each(['', '   ', "''", "a 'b", 'a "b', 'a "b\\"', 'a \\', 'a \0'])(
    'is refused when it is %j.',
    (text) => {
      expect(() => splitCommand(text)).toThrow(expect.objectContaining({ code: 'usage' }));
    },
  );

  test.each(['a && b', 'a || b', 'a | b', 'a; b', 'a;', 'a > b', 'a 2> b', 'a >> b', 'a < b', 'a &'])(
    'with signs of a shell is refused, because no shell would run it: %s',
    (text) => {
      expect(() => splitCommand(text)).toThrow(
        expect.objectContaining({ code: 'usage', hint: expect.stringContaining('sh -c') }),
      );
    },
  );

  test('comes out of any way of quoting as it went in.', () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const word = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', "'", '\\', '$x', ' ', '\n', ''),
    );
    const words = fc.array(fc.tuple(word, fc.constantFrom(single, double, escaped)), {
      minLength: 1,
      maxLength: 6,
    });
    const property = fc.property(words, (quoted) => {
      const clean = quoted.map(([text, how]) => [text.replaceAll('\0', ''), how] as const);
      fc.pre(clean[0]?.[0] !== '');
      expect(splitCommand(clean.map(([text, how]) => how(text)).join(' \t'))).toEqual(
        clean.map(([text]) => text),
      );
    });
    fc.assert(property, { seed, numRuns: 500 });
  });

  test('of any text is words or a usage error, never anything else.', () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const property = fc.property(fc.string({ unit: fc.constantFrom(...' \t"\'\\ab$') }), (text) => {
      try {
        expect(splitCommand(text).length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toMatchObject({ code: 'usage' });
      }
    });
    fc.assert(property, { seed, numRuns: 500 });
  });
});

function single(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function double(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

function escaped(text: string): string {
  return text === '' ? "''" : [...text].map((sign) => `\\${sign}`).join('');
}
