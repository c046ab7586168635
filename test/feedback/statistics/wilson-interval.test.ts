import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../../src/feedback/statistics/wilson-interval.ts';

describe('the Wilson interval', () => {
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])(
    'for %i of %i at z = 1.96 is from %d to %d, as published by Newcombe in 1998',
    (successes, n, lower, upper) => {
      const found = wilsonInterval(successes, n, 1.959964);
      expect(found.lower).toBeCloseTo(lower, 4);
      expect(found.upper).toBeCloseTo(upper, 4);
    },
  );

  it('supports at least 65% after 5 of 5 and 9 of 10, and at most 47% after 0 of 3', () => {
    expect(wilsonInterval(5, 5).lower).toBeCloseTo(0.65, 2);
    expect(wilsonInterval(9, 10).lower).toBeCloseTo(0.65, 2);
    expect(wilsonInterval(0, 3).upper).toBeCloseTo(0.47, 2);
  });

  it('is exactly 0 below no success, exactly 1 above no failure, and everything without data', () => {
    for (let n = 1; n <= 200; n += 1) {
      expect(wilsonInterval(0, n).lower).toBe(0);
      expect(wilsonInterval(n, n).upper).toBe(1);
    }
    expect(wilsonInterval(0, 0)).toEqual({ lower: 0, upper: 1 });
  });

  it('ends at the rates whose standard error is exactly z times smaller than their distance', () => {
    fc.assert(
      fc.property(counts(), quantile(), ({ successes, n }, z) => {
        const { lower, upper } = wilsonInterval(successes, n, z);
        for (const rate of [lower, upper]) {
          const distance = (successes / n - rate) ** 2;
          expect(Math.abs(distance - (z * z * rate * (1 - rate)) / n)).toBeLessThan(1e-14);
        }
      }),
    );
  });

  it('contains the observed rate, stays in [0, 1] and grows with z', () => {
    fc.assert(
      fc.property(counts(), quantile(), ({ successes, n }, z) => {
        const { lower, upper } = wilsonInterval(successes, n, z);
        const wider = wilsonInterval(successes, n, z * 1.5);
        expect(lower).toBeLessThanOrEqual(successes / n);
        expect(upper).toBeGreaterThanOrEqual(successes / n);
        expect(wider.lower).toBeLessThanOrEqual(lower);
        expect(wider.upper).toBeGreaterThanOrEqual(upper);
        expect(wider.lower).toBeGreaterThanOrEqual(0);
        expect(wider.upper).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is mirrored when successes and failures change places', () => {
    fc.assert(
      fc.property(counts(), ({ successes, n }) => {
        const found = wilsonInterval(successes, n);
        const mirrored = wilsonInterval(n - successes, n);
        expect(mirrored.upper).toBe(1 - found.lower);
        expect(mirrored.lower).toBeCloseTo(1 - found.upper, 14);
      }),
    );
  });

  it('moves up with one more success and narrows with ten times the data', () => {
    fc.assert(
      fc.property(counts(), ({ successes, n }) => {
        const found = wilsonInterval(successes, n);
        const better = wilsonInterval(successes + 1, n + 1);
        expect(better.lower).toBeGreaterThan(found.lower);
        const longer = wilsonInterval(successes * 10, n * 10);
        expect(longer.upper - longer.lower).toBeLessThan(found.upper - found.lower);
      }),
    );
  });

  it.each([
    [-1, 5, 1.645],
    [6, 5, 1.645],
    [1.5, 5, 1.645],
    [1, 2.5, 1.645],
    [Number.NaN, 5, 1.645],
    [1, Number.NaN, 1.645],
    [1, 5, 0],
    [1, 5, -1],
    [1, 5, Number.NaN],
    [1, 5, Number.POSITIVE_INFINITY],
  ])('refuses %d of %d with z = %d', (successes, n, z) => {
    expect(() => wilsonInterval(successes, n, z)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });
});

function counts(): fc.Arbitrary<{ successes: number; n: number }> {
  return fc
    .tuple(fc.nat(5_000), fc.nat(5_000))
    .filter(([successes, failures]) => successes + failures > 0)
    .map(([successes, failures]) => ({ successes, n: successes + failures }));
}

function quantile(): fc.Arbitrary<number> {
  return fc.double({ min: 0.1, max: 5, noNaN: true });
}
