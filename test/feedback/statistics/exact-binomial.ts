/** A probability as an exact fraction of whole numbers. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** P(from <= X <= to) for Binomial(n, p), where the double `p` counts as the exact fraction it is. */
export function exactProbability(from: number, to: number, n: number, p: number): Fraction {
  const { numerator: hit, denominator } = exactFraction(p);
  const miss = denominator - hit;
  let numerator = 0n;
  let choose = 1n;
  for (let j = 0; j <= Math.min(to, n); j += 1) {
    if (j >= from) numerator += choose * hit ** BigInt(j) * miss ** BigInt(n - j);
    choose = (choose * BigInt(n - j)) / BigInt(j + 1);
  }
  return { numerator, denominator: denominator ** BigInt(n) };
}

/**
 * Both tails at `k` for a large n: P(X <= k) and P(X >= k + 1).
 * Weights relative to the mode are summed as whole numbers with 512 binary digits after the point,
 * so tails down to about 1e-130 keep 20 digits.
 */
export function summedTails(k: number, n: number, p: number): { lower: number; upper: number } {
  let lower = 0n;
  let upper = 0n;
  for (const [j, weight] of weightsAroundMode(n, p)) {
    if (j <= k) lower += weight;
    else upper += weight;
  }
  const denominator = lower + upper;
  return {
    lower: toNumber({ numerator: lower, denominator }),
    upper: toNumber({ numerator: upper, denominator }),
  };
}

/** The double nearest to a fraction, also for fractions of very large numbers. */
export function toNumber({ numerator, denominator }: Fraction): number {
  if (numerator === 0n) return 0;
  const shift = 80 + Math.max(0, bitLength(denominator) - bitLength(numerator));
  const half = Math.floor(shift / 2);
  return Number((numerator << BigInt(shift)) / denominator) * 2 ** -half * 2 ** -(shift - half);
}

function* weightsAroundMode(n: number, p: number): Generator<readonly [number, bigint]> {
  const { numerator: hit, denominator } = exactFraction(p);
  const miss = denominator - hit;
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const top = 1n << 512n;
  let weight = top;
  for (let j = mode; j <= n && weight > 0n; j += 1) {
    yield [j, weight];
    weight = (weight * BigInt(n - j) * hit) / (BigInt(j + 1) * miss);
  }
  weight = (top * BigInt(mode) * miss) / (BigInt(n - mode + 1) * hit);
  for (let j = mode - 1; j >= 0 && weight > 0n; j -= 1) {
    yield [j, weight];
    weight = (weight * BigInt(j) * miss) / (BigInt(n - j + 1) * hit);
  }
}

function exactFraction(p: number): Fraction {
  let scaled = p;
  let denominator = 1n;
  for (; !Number.isInteger(scaled); scaled *= 2) denominator *= 2n;
  return { numerator: BigInt(scaled), denominator };
}

function bitLength(value: bigint): number {
  return value.toString(16).length * 4;
}
