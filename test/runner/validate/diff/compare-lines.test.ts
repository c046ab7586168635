import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareLines } from '../../../../src/runner/validate/diff/compare-lines.ts';

const segments = (...texts: string[]) => new Map(texts.map((text, at) => [`s${at + 1}`, text]));
const seen = (before: Map<string, string>, after: Map<string, string>) => {
  const { missing, added } = compareLines(before, after);
  const short = (lines: typeof missing) => lines.map(({ path, line, text }) => `${path}:${line} ${text}`);
  return { missing: short(missing), added: short(added) };
};

describe('comparing lines', () => {
  test.each([
    ['nothing changed', segments('a\nb\n'), segments('a\nb\n'), [], []],
    ['lines were appended', segments('a\n'), segments('a\nb\nc\n'), [], ['s1:2 b', 's1:3 c']],
    ['the last line had no end', segments('a'), segments('a\nb\n'), [], ['s1:2 b']],
    ['a line was changed', segments('a\nb\n'), segments('a\nB\n'), ['s1:2 b'], ['s1:2 B']],
    ['a line was removed', segments('a\nb\n'), segments('b\n'), ['s1:1 a'], []],
    ['a segment was removed', segments('a\n', 'b\n'), segments('a\n'), ['s2:1 b'], []],
    ['segments were merged', segments('a\n', 'b\n'), segments('a\nb\n'), [], []],
    ['lines changed places', segments('a\nb\n'), segments('b\na\n'), [], []],
    ['one of two twins is gone', segments('a\na\n'), segments('a\n'), ['s1:2 a'], []],
    ['a twin came', segments('a\n'), segments('a\na\n'), [], ['s1:2 a']],
    ['line ends were changed', segments('a\n'), segments('a\r\n'), ['s1:1 a'], ['s1:1 a\r']],
    ['there was nothing', segments(), segments('a\n'), [], ['s1:1 a']],
  ])('when %s.', (_, before, after, missing, added) => {
    expect(seen(before, after)).toEqual({ missing, added });
  });

  const line = fc.stringMatching(/^[a-c]{1,2}$/);
  const lines = fc.array(line, { minLength: 1, maxLength: 12 });
  const cut = (all: readonly string[], sizes: readonly number[]) => {
    const texts: string[] = [];
    const rest = [...all];
    for (const size of sizes)
      texts.push(...[rest.splice(0, size)].map((some) => some.map((x) => `${x}\n`).join('')));
    return segments(...texts, rest.map((x) => `${x}\n`).join(''));
  };
  const sizes = fc.array(fc.nat({ max: 4 }), { maxLength: 4 });

  test('misses nothing when lines were only appended and cut into other segments.', () => {
    fc.assert(
      fc.property(lines, fc.array(line), sizes, sizes, (old, fresh, cutBefore, cutAfter) => {
        const { missing, added } = compareLines(cut(old, cutBefore), cut([...old, ...fresh], cutAfter));
        expect(missing).toEqual([]);
        const inOrder = (texts: readonly string[]) => [...texts].sort((a, b) => (a < b ? -1 : 1));
        expect(inOrder(added.map(({ text }) => text))).toEqual(inOrder(fresh));
      }),
    );
  });

  test('finds every known line that was changed or removed, whatever else happened.', () => {
    fc.assert(
      fc.property(
        lines,
        fc.array(line),
        fc.nat(),
        fc.option(fc.constant('zzz'), { nil: null }),
        sizes,
        (old, fresh, at, now, cuts) => {
          const place = at % old.length;
          const left = old.flatMap((text, index) => (index === place ? (now === null ? [] : [now]) : [text]));
          // A twin that came along would take its place, and nobody could tell.
          const others = fresh.filter((text) => text !== old[place]);
          const { missing } = compareLines(cut(old, cuts), cut([...left, ...others], []));
          expect(missing.map(({ text }) => text)).toEqual([old[place]]);
        },
      ),
    );
  });
});
