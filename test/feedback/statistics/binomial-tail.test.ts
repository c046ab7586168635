import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerTail, upperTail } from '../../../src/feedback/statistics/binomial-tail.ts';
import { exactProbability, summedTails, toNumber } from './exact-binomial.ts';
import { relativeError } from './relative-error.ts';

describe('the binomial tails', () => {
  it.each([
    [0, 1, 0.5, 1 / 2],
    [2, 5, 0.5, 1 / 2],
    [1, 10, 0.5, 11 / 1024],
    [3, 13, 0.5, 378 / 8192],
    [0, 4, 0.25, 81 / 256],
    [2, 3, 0.75, 37 / 64],
  ])('give P(X <= %i) for %i trials at %f as counted by hand', (k, n, p, expected) => {
    expect(relativeError(lowerTail(k, n, p), expected)).toBeLessThan(1e-13);
    expect(relativeError(upperTail(k + 1, n, p), 1 - expected)).toBeLessThan(1e-13);
  });

  it('agree with exact fractions for every k at small n', () => {
    for (const n of [1, 2, 3, 7, 20, 45]) {
      for (const p of [1e-9, 0.001, 0.1, 1 / 3, 0.5, 0.6, 0.95, 1 - 2 ** -30]) {
        for (let k = 0; k < n; k += 1) {
          expect(relativeError(lowerTail(k, n, p), exactLower(k, n, p))).toBeLessThan(1e-12);
          expect(relativeError(upperTail(k + 1, n, p), exactUpper(k + 1, n, p))).toBeLessThan(1e-12);
        }
      }
    }
  });

  it('agree with exact fractions for any double p', () => {
    const trial = fc.record({ n: fc.integer({ min: 1, max: 120 }), share: share(), p: share() });
    fc.assert(
      fc.property(trial, ({ n, share: place, p }) => {
        const k = Math.min(n - 1, Math.floor(place * n));
        const lower = exactLower(k, n, p);
        const upper = exactUpper(k + 1, n, p);
        if (lower > 1e-290) expect(relativeError(lowerTail(k, n, p), lower)).toBeLessThan(1e-12);
        if (upper > 1e-290) expect(relativeError(upperTail(k + 1, n, p), upper)).toBeLessThan(1e-12);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [2_000, 4_500, 0.5],
    [4_999, 10_000, 0.5],
    [0, 1_000_000, 1e-6],
    [7, 1_000_000, 1e-6],
    [60, 1_000_000, 1e-5],
    [500_000, 1_000_000, 0.5],
    [492_000, 1_000_000, 0.5],
    [508_000, 1_000_000, 0.5],
    [49_900, 1_000_000, 0.05],
    [53_000, 1_000_000, 0.05],
    [999_985, 1_000_000, 1 - 1e-5],
    [330_000, 999_983, 1 / 3],
  ])('agree with sums of whole numbers at k = %i of %i trials at %f', (k, n, p) => {
    const exact = summedTails(k, n, p);
    expect(relativeError(lowerTail(k, n, p), exact.lower)).toBeLessThan(1e-11);
    expect(relativeError(upperTail(k + 1, n, p), exact.upper)).toBeLessThan(1e-11);
  });

  it('add up to 1 where one ends and the other begins', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), share(), share(), (n, place, p) => {
        const k = Math.floor(place * n);
        expect(Math.abs(lowerTail(k, n, p) + upperTail(k + 1, n, p) - 1)).toBeLessThan(1e-12);
      }),
    );
  });

  it('mirror each other when successes and failures change places', () => {
    fc.assert(
      fc.property(fc.nat(5_000), share(), fc.integer({ min: 0, max: 1024 }), (n, place, steps) => {
        const k = Math.floor(place * n);
        const p = steps / 1024;
        expect(lowerTail(k, n, p)).toBe(upperTail(n - k, n, 1 - p));
      }),
    );
  });

  it('grow with k and stay in [0, 1]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), share(), share(), (n, place, p) => {
        const k = Math.floor(place * n);
        const here = lowerTail(k, n, p);
        expect(here).toBeGreaterThanOrEqual(0);
        expect(here).toBeLessThanOrEqual(1);
        expect(lowerTail(k + 1, n, p)).toBeGreaterThanOrEqual(here * (1 - 1e-12));
      }),
    );
  });
});

describe('the binomial tails at the edges', () => {
  it.each([
    [-1, 5, 0.5, 0, 1],
    [-7, 0, 0.5, 0, 1],
    [0, 0, 0.5, 1, 0],
    [5, 5, 0.5, 1, 0],
    [99, 5, 0.5, 1, 0],
    [0, 5, 0, 1, 0],
    [4, 5, 1, 0, 1],
    [5, 5, 1, 1, 0],
  ])('for k = %i of %i at %f are exactly %i up to k and %i above', (k, n, p, lower, upper) => {
    expect(lowerTail(k, n, p)).toBe(lower);
    expect(upperTail(k + 1, n, p)).toBe(upper);
  });

  it('keep the digits of a p far below the spacing of doubles near 1', () => {
    expect(relativeError(upperTail(1, 1000, 1e-30), 1e-27)).toBeLessThan(1e-12);
    expect(upperTail(1, 1, 5e-324)).toBe(5e-324);
  });

  it.each([
    [0.5, 5, 0.5],
    [Number.NaN, 5, 0.5],
    [Number.POSITIVE_INFINITY, 5, 0.5],
    [1, -1, 0.5],
    [1, 2.5, 0.5],
    [1, Number.NaN, 0.5],
    [1, 2e12, 0.5],
    [1, 5, -0.01],
    [1, 5, 1.01],
    [1, 5, Number.NaN],
  ])('refuse k = %d of n = %d at p = %d', (k, n, p) => {
    const badArgument = expect.objectContaining({ code: 'bad-argument' });
    expect(() => lowerTail(k, n, p)).toThrow(badArgument);
    expect(() => upperTail(k, n, p)).toThrow(badArgument);
  });
});

describe('a binomial tail used as a p-value', () => {
  it('falls to alpha or below with a probability of at most alpha when the null is true', () => {
    for (const n of [1, 2, 5, 9, 14]) {
      for (const p of [0.05, 0.3, 0.5, 0.75, 0.9]) {
        const outcomes = Array.from({ length: n + 1 }, (_, k) => k);
        for (const pValue of [(k: number) => lowerTail(k, n, p), (k: number) => upperTail(k, n, p)]) {
          for (const alpha of outcomes.map(pValue)) {
            const reached = outcomes.filter((k) => pValue(k) <= alpha);
            const chance = reached.reduce((sum, k) => sum + toNumber(exactProbability(k, k, n, p)), 0);
            expect(chance).toBeLessThanOrEqual(alpha * (1 + 1e-12));
          }
        }
      }
    }
  });
});

function exactLower(k: number, n: number, p: number): number {
  return toNumber(exactProbability(0, k, n, p));
}

function exactUpper(k: number, n: number, p: number): number {
  return toNumber(exactProbability(k, n, n, p));
}

function share(): fc.Arbitrary<number> {
  return fc.double({ min: 2 ** -40, max: 1 - 2 ** -40, noNaN: true });
}
