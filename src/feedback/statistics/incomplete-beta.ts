import { MillwrightError } from '../../contracts/millwright-error.ts';
import { requirePositive, requireProbability } from './argument-checks.ts';
import { binomialDensity } from './binomial-density.ts';

// The number of steps grows with the square root of the larger parameter.
const MAX_STEPS = 100_000;

/**
 * I_x(a, b) = P(X <= x) for X ~ Beta(a, b). Unit: probability in [0, 1].
 *
 * `complement` is 1 - x. Pass it when it is known more exactly than `1 - x` can be computed.
 * Relative error below 1e-10 for a, b in [1, 1e6]; values under about 1e-300 fade to 0.
 * Source: continued fraction (9) of A. DiDonato and A. Morris, ACM TOMS 18 (1992) 360-373,
 * with I_x(a, b) = 1 - I_(1-x)(b, a), NIST DLMF 8.17.4.
 * Throws `bad-argument` unless x and 1 - x are in [0, 1] and a, b are finite and > 0;
 * `no-convergence` when the fraction does not settle, which needs parameters far above 1e9.
 */
export function regularisedIncompleteBeta(x: number, a: number, b: number, complement = 1 - x): number {
  requireProbability('x', x);
  requireProbability('complement', complement);
  requirePositive('a', a);
  requirePositive('b', b);
  if (x === 0) return 0;
  if (complement === 0) return 1;
  // Below the mean a/(a+b) all terms are positive and the fraction settles fast.
  if (a * complement >= b * x) return leftOfMean(x, complement, a, b);
  return 1 - leftOfMean(complement, x, b, a);
}

function leftOfMean(x: number, y: number, a: number, b: number): number {
  const front = ((a * b) / (a + b)) * binomialDensity(a, a + b, x, y);
  return Math.min(1, front / denominator(x, y, a, b));
}

/** The fraction's denominator b1 + a2/(b2 + a3/(b3 + ...)), by the modified Lentz method. */
function denominator(x: number, y: number, a: number, b: number): number {
  const drift = a * y - b * x;
  let value = partialDenominator(0, x, y, a, b, drift);
  let c = value;
  let d = 0;
  for (let m = 1; m <= MAX_STEPS; m += 1) {
    const numerator = partialNumerator(m, x, a, b);
    const term = partialDenominator(m, x, y, a, b, drift);
    d = 1 / (term + numerator * d);
    c = term + numerator / c;
    value *= c * d;
    if (Math.abs(c * d - 1) <= Number.EPSILON) return value;
  }
  throw new MillwrightError('no-convergence', `I_x(a, b) did not settle in ${MAX_STEPS} steps`, {
    data: { x, a, b },
  });
}

function partialNumerator(m: number, x: number, a: number, b: number): number {
  const width = a + 2 * m - 1;
  return ((a + m - 1) / width) * ((a + b + m - 1) / width) * (m * x) * ((b - m) * x);
}

function partialDenominator(m: number, x: number, y: number, a: number, b: number, drift: number): number {
  const first = m === 0 ? 0 : m + (m * (b - m) * x) / (a + 2 * m - 1);
  return first + ((a + m) / (a + 2 * m + 1)) * (drift + 1 + m * (1 + y));
}
