import { requireAtMost, requireCount, requireInteger, requireProbability } from './argument-checks.ts';
import { regularisedIncompleteBeta } from './incomplete-beta.ts';

const MAX_TRIALS = 1e12;

/**
 * P(X <= k) for X ~ Binomial(n, p). Unit: probability in [0, 1].
 *
 * `k` is any integer: 0 below 0, 1 from n on. `n` is a number of trials, `p` a success probability.
 * Relative error below 1e-10 for n up to 1e6; values under about 1e-300 fade to 0.
 * Source: P(X <= k) = I_(1-p)(n-k, k+1), NIST DLMF 8.17.5.
 * Throws `bad-argument` when k is no integer, n no integer in [0, 1e12] or p not in [0, 1].
 */
export function lowerTail(k: number, n: number, p: number): number {
  requireBinomial(k, n, p);
  if (k < 0) return 0;
  if (k >= n) return 1;
  return regularisedIncompleteBeta(1 - p, n - k, k + 1, p);
}

/**
 * P(X >= k) for X ~ Binomial(n, p). Unit: probability in [0, 1].
 *
 * `k` is any integer: 1 up to 0, 0 above n. It includes k itself, so
 * `lowerTail(k, n, p) + upperTail(k + 1, n, p)` is 1.
 * Accuracy and errors as for `lowerTail`.
 * Source: P(X >= k) = I_p(k, n-k+1), NIST DLMF 8.17.5.
 */
export function upperTail(k: number, n: number, p: number): number {
  requireBinomial(k, n, p);
  if (k <= 0) return 1;
  if (k > n) return 0;
  return regularisedIncompleteBeta(p, k, n - k + 1, 1 - p);
}

function requireBinomial(k: number, n: number, p: number): void {
  requireInteger('k', k);
  requireCount('n', n);
  requireAtMost('n', n, 'the largest number of trials', MAX_TRIALS);
  requireProbability('p', p);
}
