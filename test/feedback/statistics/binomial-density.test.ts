import { describe, expect, it } from 'vitest';
import { binomialDensity } from '../../../src/feedback/statistics/binomial-density.ts';
import { exactProbability, toNumber } from './exact-binomial.ts';
import { relativeError } from './relative-error.ts';

describe('the binomial density', () => {
  it('agrees with exact fractions for whole numbers', () => {
    for (const n of [2, 3, 10, 33, 150]) {
      for (const p of [0.001, 0.25, 0.5, 0.9]) {
        for (let k = 1; k < n; k += 1) {
          const exact = toNumber(exactProbability(k, k, n, p));
          expect(relativeError(binomialDensity(k, n, p, 1 - p), exact)).toBeLessThan(1e-12);
        }
      }
    }
  });

  it('agrees with the gamma function at one half for k = 1/2 of n = 1', () => {
    for (const p of [0.01, 0.5, 0.8]) {
      const exact = (4 / Math.PI) * Math.sqrt(p * (1 - p));
      expect(relativeError(binomialDensity(0.5, 1, p, 1 - p), exact)).toBeLessThan(1e-13);
    }
  });

  it('stays finite where the quotient of k/n and p overflows', () => {
    const exact = (4 / Math.PI) * Math.sqrt(5e-324);
    expect(relativeError(binomialDensity(0.5, 1, 5e-324, 1), exact)).toBeLessThan(1e-12);
  });
});
