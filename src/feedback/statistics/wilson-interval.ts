import { requireAtMost, requireCount, requirePositive } from './argument-checks.ts';

export interface ProportionInterval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Score interval for a success probability. Unit of both bounds: probability in [0, 1].
 *
 * `z` is the normal quantile of one bound: 1.645 gives 90% two-sided, 95% per bound.
 * With n = 0 nothing is known and the interval is [0, 1].
 * Source: E. Wilson, JASA 22 (1927) 209-212: all rates r with |successes/n - r| <= z sqrt(r(1-r)/n).
 * Throws `bad-argument` unless successes and n are integers with 0 <= successes <= n and z is finite and > 0.
 */
export function wilsonInterval(successes: number, n: number, z = 1.645): ProportionInterval {
  requireCount('successes', successes);
  requireCount('n', n);
  requireAtMost('successes', successes, 'n', n);
  requirePositive('z', z);
  if (n === 0) return { lower: 0, upper: 1 };
  return { lower: lowerBound(successes, n, z), upper: 1 - lowerBound(n - successes, n, z) };
}

/** The smaller root as (product of roots) / (larger root): exactly 0 without successes. */
function lowerBound(successes: number, n: number, z: number): number {
  const rate = successes / n;
  const halfWeight = (z * z) / (2 * n);
  const spread = z * Math.sqrt((rate * (1 - rate)) / n + halfWeight / (2 * n));
  return (rate * rate) / (rate + halfWeight + spread);
}
