import { MillwrightError } from '../../contracts/millwright-error.ts';
import { requireAtMost, requireBetween, requireProbability } from './argument-checks.ts';
import { binomialDensity } from './binomial-density.ts';

// Outside this range the fraction loses digits or does not settle.
const MIN_PARAMETER = 0.001;
const MAX_PARAMETER = 1e12;

// Far more than the range above takes; it only keeps a mistake from running forever.
const MAX_STEPS = 1_000_000;

/**
 * I_x(a, b) = P(X <= x) for X ~ Beta(a, b). Unit: probability in [0, 1].
 *
 * `complement` is 1 - x. Pass it when it is known more exactly than `1 - x` can be computed.
 * Relative error below 1e-10 for a, b in [1, 1e6]; values under about 1e-300 fade to 0.
 * Source: continued fraction of A. DiDonato and A. Morris, ACM TOMS 18 (1992) 360-373, whose
 * convergents are every second one of NIST DLMF 8.17.22; I_x(a, b) = 1 - I_(1-x)(b, a), DLMF 8.17.4.
 * Throws `bad-argument` unless x and its complement are in [0, 1] and add up to 1, and a and b
 * are in [0.001, 1e12].
 */
export function regularisedIncompleteBeta(x: number, a: number, b: number, complement = 1 - x): number {
  requireProbability('x', x);
  requireProbability('complement', complement);
  requireAtMost('x + complement - 1', Math.abs(x + complement - 1), 'the rounding error', 4e-16);
  requireBetween('a', a, MIN_PARAMETER, MAX_PARAMETER);
  requireBetween('b', b, MIN_PARAMETER, MAX_PARAMETER);
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
  throw new MillwrightError(
    'no-convergence',
    `I_x(a, b) for x ${x}, a ${a}, b ${b} must settle in ${MAX_STEPS} steps and did not`,
    { data: { x, a, b }, retry: 'never' },
  );
}

function partialNumerator(m: number, x: number, a: number, b: number): number {
  const width = a + 2 * m - 1;
  return ((a + m - 1) / width) * ((a + b + m - 1) / width) * (m * x) * ((b - m) * x);
}

function partialDenominator(m: number, x: number, y: number, a: number, b: number, drift: number): number {
  const first = m === 0 ? 0 : m + (m * (b - m) * x) / (a + 2 * m - 1);
  return first + ((a + m) / (a + 2 * m + 1)) * (drift + 1 + m * (1 + y));
}
