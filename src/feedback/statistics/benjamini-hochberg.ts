import { requireProbability } from './argument-checks.ts';

/**
 * Which hypotheses are rejected at false discovery rate `q`, in the order of `pValues`.
 *
 * `q` in [0, 1] bounds the expected share of false rejections among all rejections when the
 * p-values are independent or positively dependent. No p-values give an empty list.
 * Source: Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300: with the p-values
 * sorted upwards, reject the first k for the largest k with p(k) <= k q / m.
 * Throws `bad-argument` when q or any p-value is not in [0, 1].
 */
export function benjaminiHochberg(pValues: readonly number[], q: number): boolean[] {
  requireProbability('q', q);
  // One rule for both functions: a flag can never disagree with the adjusted p-value printed beside it.
  return adjustedPValues(pValues).map((adjusted) => adjusted <= q);
}

/**
 * The smallest `q` at which each hypothesis would be rejected, in the order of `pValues`.
 *
 * Each value is in [p, 1], a larger p never has a smaller one, and equal p-values share one.
 * Source: min over j >= i of p(j) m / j, capped at 1: D. Yekutieli and Y. Benjamini,
 * J. Stat. Plan. Inference 82 (1999) 171-196.
 * Throws `bad-argument` when any p-value is not in [0, 1].
 */
export function adjustedPValues(pValues: readonly number[]): number[] {
  pValues.forEach((p, index) => {
    requireProbability(`pValues[${index}]`, p);
  });
  const descending = pValues.map((p, index) => ({ p, index })).sort((left, right) => right.p - left.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let smallest = 1;
  descending.forEach(({ p, index }, position) => {
    // In this order of operations the last rank leaves p as it is, to the last digit.
    smallest = Math.min(smallest, p * (pValues.length / (pValues.length - position)));
    adjusted[index] = smallest;
  });
  return adjusted;
}
