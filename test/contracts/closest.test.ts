import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closest } from '../../src/contracts/closest.ts';

const fields = [
  'idea_id',
  'persona_id',
  'outcome',
  'overall_score',
  'cost_usd',
  'emitted_at',
  'extra',
  'notes',
];

describe('the closest word', () => {
  test.each([
    ['ouctome', 'outcome'],
    ['Outcome', 'outcome'],
    ['overal_score', 'overall_score'],
    ['personaid', 'persona_id'],
    ['cost-usd', 'cost_usd'],
    ['note', 'notes'],
  ])('to %s is %s.', (word, wanted) => {
    expect(closest(word, fields)).toBe(wanted);
  });

  test('is none when nothing is near.', () => {
    for (const word of ['xyzzyxyzzy', '', 'temperature', 'x'.repeat(1_000_000)])
      expect(closest(word, fields)).toBeUndefined();
    expect(closest('outcome', [])).toBeUndefined();
  });

  test('to a word that is there is that word.', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (words) => {
        for (const word of words) expect(closest(word, words)).toBe(word);
      }),
    );
  });

  test('is at most a third of the word away, or two letters.', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 8 }), (word, words) => {
        const found = closest(word, words);
        const limit = Math.max(2, Math.floor(word.length / 3));
        const distances = words.map((other) => distance([...word].join(''), other));
        const least = Math.min(...distances, Number.POSITIVE_INFINITY);
        expect(found === undefined ? Number.POSITIVE_INFINITY : distance(word, found)).toBe(
          least <= limit ? least : Number.POSITIVE_INFINITY,
        );
      }),
    );
  });
});

/** Edit distance straight from its definition. */
function distance(a: string, b: string, known = new Map<string, number>()): number {
  if (a === '' || b === '') return a.length + b.length;
  const key = `${a.length},${b.length}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  const least = Math.min(
    distance(restA, restB, known) + (a[0] === b[0] ? 0 : 1),
    distance(restA, b, known) + 1,
    distance(a, restB, known) + 1,
  );
  known.set(key, least);
  return least;
}
