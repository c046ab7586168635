import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedPValues, benjaminiHochberg } from '../../../src/feedback/statistics/benjamini-hochberg.ts';
import { signTest } from '../../../src/feedback/statistics/sign-test.ts';
import { exactProbability, toNumber } from './exact-binomial.ts';

// The example of the 1995 paper: 15 endpoints of a trial of two treatments after a heart attack.
const PAPER = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
  0.759, 1,
];

describe('the Benjamini-Hochberg procedure', () => {
  it('rejects the first four hypotheses of the published example at q = 0.05', () => {
    expect(rejectedRanks(PAPER, 0.05)).toEqual([0, 1, 2, 3]);
  });

  it('rejects a p-value above its own line when a larger one is below its line', () => {
    expect(benjaminiHochberg([0.04, 0.03], 0.05)).toEqual([true, true]);
    expect(benjaminiHochberg([0.06, 0.03], 0.05)).toEqual([false, false]);
    expect(benjaminiHochberg([0.06, 0.02], 0.05)).toEqual([false, true]);
  });

  it('handles no hypotheses, q = 0 and q = 1', () => {
    expect(benjaminiHochberg([], 0.1)).toEqual([]);
    expect(benjaminiHochberg([0, 1e-300, 1], 0)).toEqual([true, false, false]);
    expect(benjaminiHochberg([0.2, 1, 0.999], 1)).toEqual([true, true, true]);
  });

  it('matches the step-up definition computed with whole numbers', () => {
    // 1009 is prime and larger than any rank, so no p-value lies exactly on its line.
    const cases = fc.tuple(thousandths(), fc.integer({ min: 1, max: 1008 }));
    fc.assert(
      fc.property(cases, ([numerators, level]) => {
        const found = benjaminiHochberg(
          numerators.map((i) => i / 1000),
          level / 1009,
        );
        expect(found).toEqual(stepUp(numerators, level));
      }),
    );
  });

  it('never keeps a hypothesis when q grows', () => {
    fc.assert(
      fc.property(pValues(), probability(), probability(), (values, one, other) => {
        const strict = benjaminiHochberg(values, Math.min(one, other));
        const loose = benjaminiHochberg(values, Math.max(one, other));
        strict.forEach((rejected, index) => {
          if (rejected) expect(loose[index]).toBe(true);
        });
      }),
    );
  });

  it('never rejects a larger p-value while it keeps a smaller or equal one', () => {
    fc.assert(
      fc.property(pValues(), probability(), (values, q) => {
        const flags = benjaminiHochberg(values, q);
        const rejected = values.filter((_, index) => flags[index]);
        const kept = values.filter((_, index) => !flags[index]);
        if (rejected.length > 0 && kept.length > 0) {
          expect(Math.max(...rejected)).toBeLessThan(Math.min(...kept));
        }
      }),
    );
  });

  it('rejects anything with a probability of at most q when every null is true', () => {
    const n = 6;
    const outcomes = Array.from({ length: n + 1 }, (_, wins) => ({
      p: signTest(wins, n - wins).p,
      chance: toNumber(exactProbability(wins, wins, n, 0.5)),
    }));
    const triples = outcomes.flatMap((a) => outcomes.flatMap((b) => outcomes.map((c) => [a, b, c])));
    for (const q of [0.02, 0.05, 0.1, 0.25, 0.5]) {
      const hits = triples.filter((triple) =>
        benjaminiHochberg(
          triple.map(({ p }) => p),
          q,
        ).some(Boolean),
      );
      const chance = hits.reduce((sum, triple) => sum + triple.reduce((all, one) => all * one.chance, 1), 0);
      expect(chance).toBeLessThanOrEqual(q + 1e-12);
    }
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses %d as q and as a p-value', (bad) => {
    const badArgument = expect.objectContaining({ code: 'bad-argument' });
    expect(() => benjaminiHochberg([0.5], bad)).toThrow(badArgument);
    expect(() => benjaminiHochberg([0.5, bad], 0.1)).toThrow(badArgument);
    expect(() => adjustedPValues([bad])).toThrow(badArgument);
  });
});

describe('adjusted p-values', () => {
  it('are those of the published example', () => {
    const expected = [
      0.0015,
      0.003,
      0.0095,
      0.035625,
      0.0603,
      0.447 / 7,
      0.447 / 7,
      0.0645,
      0.0765,
      0.486,
      6.393 / 11,
      0.714875,
      9.792 / 13,
      11.385 / 14,
      1,
    ];
    adjustedPValues(PAPER).forEach((found, index) => {
      expect(found).toBeCloseTo(expected[index] ?? Number.NaN, 12);
    });
  });

  it('keep the order of the input and share one value among equal p-values', () => {
    expect(adjustedPValues([0.5, 0.01, 0.5, 0.01])).toEqual([0.5, 0.02, 0.5, 0.02]);
    expect(adjustedPValues([])).toEqual([]);
  });

  it('are at least the p-value, at most 1 and ordered like the p-values', () => {
    fc.assert(
      fc.property(pValues(), (values) => {
        const adjusted = adjustedPValues(values);
        const pairs = values.map((p, index) => ({ p, adjusted: adjusted[index] ?? Number.NaN }));
        for (const pair of pairs) {
          expect(pair.adjusted).toBeGreaterThanOrEqual(pair.p);
          expect(pair.adjusted).toBeLessThanOrEqual(1);
        }
        const sorted = pairs.sort((left, right) => left.p - right.p).map((pair) => pair.adjusted);
        expect(sorted).toEqual([...sorted].sort((left, right) => left - right));
      }),
    );
  });

  it('do not depend on the order of the input', () => {
    fc.assert(
      fc.property(pValues(), (values) => {
        expect(adjustedPValues([...values].reverse())).toEqual(adjustedPValues(values).reverse());
      }),
    );
  });

  it('are exactly the levels at which the hypothesis begins to be rejected', () => {
    fc.assert(
      fc.property(pValues(), fc.nat(), (values, pick) => {
        const index = pick % values.length;
        const level = adjustedPValues(values)[index] ?? Number.NaN;
        expect(benjaminiHochberg(values, level)[index]).toBe(true);
        // Below, a share of 1e-15 is less than the spacing of doubles.
        if (level > 1e-300) expect(benjaminiHochberg(values, level * (1 - 1e-15))[index]).toBe(false);
      }),
    );
  });
});

function rejectedRanks(values: readonly number[], q: number): number[] {
  return benjaminiHochberg(values, q).flatMap((rejected, index) => (rejected ? [index] : []));
}

/** p(k) <= k q / m for p = i/1000 and q = level/1009, without any division. */
function stepUp(numerators: readonly number[], level: number): boolean[] {
  const sorted = [...numerators].sort((left, right) => left - right);
  const last = sorted.findLastIndex((i, index) => i * sorted.length * 1009 <= level * 1000 * (index + 1));
  return numerators.map((i) => last >= 0 && i <= (sorted[last] ?? -1));
}

function thousandths(): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(1000), { maxLength: 40 });
}

function pValues(): fc.Arbitrary<number[]> {
  return fc.array(fc.oneof(probability(), fc.constantFrom(0, 0.01, 0.05, 1)), {
    minLength: 1,
    maxLength: 30,
  });
}

function probability(): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: 1, noNaN: true });
}
