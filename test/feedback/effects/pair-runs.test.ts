import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairRuns } from '../../../src/feedback/effects/pair-runs.ts';
import type { EffectRun } from '../../../src/feedback/read-effect-runs.ts';

/** `C` and `T` are accepted runs of control and treatment, `c` and `t` failed ones. */
const runsOf = (text: string): EffectRun[] =>
  [...text].map((letter, at) => ({
    id: `o-${at}`,
    treatment: letter.toUpperCase() === 'T',
    accepted: letter === letter.toUpperCase(),
  }));
const pairs = (text: string) =>
  pairRuns(runsOf(text)).map(({ control, treatment }) => `${control ? 'C' : 'c'}${treatment ? 'T' : 't'}`);

test('every run takes the newest of the other version that has no partner yet.', () => {
  expect(pairs('')).toEqual([]);
  expect(pairs('CCCC')).toEqual([]);
  expect(pairs('Ct')).toEqual(['Ct']);
  expect(pairs('TTtC')).toEqual(['Ct']);
  expect(pairs('TTtCc')).toEqual(['Ct', 'cT']);
  expect(pairs('cCtTcC')).toEqual(['Ct', 'cT']);
});

test('as many pairs come of it as there can be, and later runs change no earlier pair.', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('C', 'c', 'T', 't'), { maxLength: 60 }),
      fc.nat(60),
      (letters, cut) => {
        const text = letters.join('');
        const ofTreatment = letters.filter((letter) => letter.toUpperCase() === 'T').length;
        expect(pairs(text)).toHaveLength(Math.min(ofTreatment, letters.length - ofTreatment));
        const before = pairs(text.slice(0, cut));
        expect(pairs(text).slice(0, before.length)).toEqual(before);
      },
    ),
  );
});
