/**
 * Gamma(n+1) / (Gamma(k+1) Gamma(n-k+1)) * p^k * q^(n-k) for real 0 < k < n. Unit: probability.
 *
 * `p` and `q` = 1 - p are both given, so that a tiny one keeps its digits. Both must be > 0.
 * Differences of log-gammas lose nine digits at n = 1e6. This form has no such cancellation.
 * Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
 */
export function binomialDensity(k: number, n: number, p: number, q: number): number {
  const rest = n - k;
  const logRatio =
    stirlingError(n) - stirlingError(k) - stirlingError(rest) - deviance(k, n, p) - deviance(rest, n, q);
  return Math.sqrt(n / k / rest / (2 * Math.PI)) * Math.exp(logRatio);
}

/** ln Gamma(z+1) minus Stirling's formula (z + 1/2) ln z - z + ln(2 pi)/2, for real z > 0. */
function stirlingError(z: number): number {
  let shifted = z;
  let error = 0;
  // The series below needs a large argument; this is the exact step from z to z + 1.
  for (; shifted < 16; shifted += 1) error += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
  return error + stirlingSeries(shifted);
}

/** Source: NIST DLMF 5.11.1 with Bernoulli numbers up to B12; below 1e-16 for z >= 16. */
function stirlingSeries(z: number): number {
  const s = 1 / (z * z);
  const inner = 1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - (s * 691) / 360360));
  return (1 / 12 - s * (1 / 360 - s * inner)) / z;
}

/** x ln(x / mean) + mean - x for mean = n p, without cancellation when x is near the mean. */
function deviance(x: number, n: number, p: number): number {
  const mean = n * p;
  const gap = x - mean;
  if (Math.abs(gap) >= 0.1 * (x + mean)) return x * logRatio(x / n, p) - gap;
  const v = gap / (x + mean);
  let sum = gap * v;
  let power = 2 * x * v;
  let term = sum;
  for (let odd = 3; Math.abs(term) > Number.EPSILON * sum; odd += 2) {
    power *= v * v;
    term = power / odd;
    sum += term;
  }
  return sum;
}

/** ln(share / p), also where the quotient is too large for a number. */
function logRatio(share: number, p: number): number {
  const ratio = share / p;
  return Number.isFinite(ratio) ? Math.log(ratio) : Math.log(share) - Math.log(p);
}
