/**
 * The mean of exp(log) over `logs`: the e-value of a mixture with equal weights.
 *
 * Cut to what a number and JSON can hold: above 0 and finite. The logarithms keep what is beyond.
 */
export function meanOfExponentials(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  const sum = logs.reduce((total, log) => total + Math.exp(log - largest), 0);
  const mean = Math.exp(largest + Math.log(sum / logs.length));
  return Math.min(Number.MAX_VALUE, Math.max(Number.MIN_VALUE, mean));
}
