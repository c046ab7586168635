import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regularisedIncompleteBeta } from '../../../src/feedback/statistics/incomplete-beta.ts';
import { relativeError } from './relative-error.ts';

const ONE_IN_64 = 1 / 64;

describe('the regularised incomplete beta function', () => {
  it.each([
    ['x^a for b = 1', 7.25, 1, (x: number) => x ** 7.25],
    ['1 - (1-x)^b for a = 1', 1, 3.5, (x: number) => 1 - (1 - x) ** 3.5],
    ['x^2 (3 - 2x) for a = b = 2', 2, 2, (x: number) => x * x * (3 - 2 * x)],
    ['the arcsine law for a = b = 1/2', 0.5, 0.5, (x: number) => (2 / Math.PI) * Math.asin(Math.sqrt(x))],
  ])('is %s', (_, a, b, closedForm) => {
    for (let x = 0; x <= 1; x += ONE_IN_64) {
      expect(relativeError(regularisedIncompleteBeta(x, a, b), closedForm(x))).toBeLessThan(1e-12);
    }
  });

  // Computed with 40 digits and rounded to 16: mpmath 1.3.0, betainc(a, b, 0, x, regularized=True).
  it.each([
    [0.25, 2.5, 4.5, 0.2978907614847896],
    [0.9, 20.75, 3.25, 0.6544245057175267],
    [0.001, 0.5, 12.5, 0.1244243941439666],
    [0.5, 50.5, 150.25, 0.9999999999997331],
    [0.125, 0.3, 0.7, 0.4641786572852559],
    [0.0625, 1000.5, 9000.5, 7.038152812728162e-47],
  ])('at %f for a = %f and b = %f is %d', (x, a, b, expected) => {
    expect(relativeError(regularisedIncompleteBeta(x, a, b), expected)).toBeLessThan(1e-12);
  });

  it('is 0 at 0 and 1 at 1', () => {
    expect(regularisedIncompleteBeta(0, 3, 4)).toBe(0);
    expect(regularisedIncompleteBeta(1, 3, 4)).toBe(1);
  });

  it('uses a complement that is known more exactly than x', () => {
    const tail = regularisedIncompleteBeta(1, 1e6, 1, 1e-17);
    expect(tail).toBeLessThan(1);
    expect(regularisedIncompleteBeta(1, 1e6, 1)).toBe(1);
    expect(1 - tail).toBeCloseTo(1e-11, 15);
  });

  it('turns into its complement when both sides change places', () => {
    fc.assert(
      fc.property(fraction(), parameter(), parameter(), (x, a, b) => {
        const sum = regularisedIncompleteBeta(x, a, b) + regularisedIncompleteBeta(1 - x, b, a, x);
        expect(Math.abs(sum - 1)).toBeLessThan(1e-12);
      }),
    );
  });

  it('is the mixture of its two lower neighbours', () => {
    fc.assert(
      fc.property(fraction(), parameter(), parameter(), (x, a, b) => {
        const mixture =
          x * regularisedIncompleteBeta(x, a, b + 1) + (1 - x) * regularisedIncompleteBeta(x, a + 1, b);
        expect(Math.abs(regularisedIncompleteBeta(x, a + 1, b + 1) - mixture)).toBeLessThan(1e-11);
      }),
    );
  });

  it('never falls when x grows', () => {
    fc.assert(
      fc.property(fraction(), fraction(), parameter(), parameter(), (one, other, a, b) => {
        const left = regularisedIncompleteBeta(Math.min(one, other), a, b);
        const right = regularisedIncompleteBeta(Math.max(one, other), a, b);
        expect(left).toBeLessThanOrEqual(right + 1e-12);
      }),
    );
  });

  it('settles for the largest parameters it accepts', () => {
    expect(regularisedIncompleteBeta(0.5, 1e12, 1e12)).toBeCloseTo(0.5, 8);
    expect(regularisedIncompleteBeta(0.25, 1e11, 3e11)).toBeCloseTo(0.5, 5);
  });

  it.each([
    [-0.1, 1, 1],
    [1.1, 1, 1],
    [Number.NaN, 1, 1],
    [0.5, 0, 1],
    [0.5, 1, -2],
    [0.5, Number.NaN, 1],
    [0.5, 1, Number.POSITIVE_INFINITY],
    [0.5, 1e13, 1],
  ])('refuses x = %d, a = %d, b = %d', (x, a, b) => {
    expect(() => regularisedIncompleteBeta(x, a, b)).toThrow(badArgument());
  });

  it.each([0.4, 0.6, -0.5, Number.NaN])('refuses %d as the complement of one half', (complement) => {
    expect(() => regularisedIncompleteBeta(0.5, 2, 3, complement)).toThrow(badArgument());
  });
});

function badArgument(): unknown {
  return expect.objectContaining({ code: 'bad-argument' });
}

function fraction(): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: 1, noNaN: true });
}

function parameter(): fc.Arbitrary<number> {
  return fc.double({ min: 0.01, max: 2_000, noNaN: true });
}
