/**
 * Budgets are counted in whole billionths of a dollar: sums of fractions could creep over a limit. What is to
 * be spent is rounded up, what may be spent is rounded down.
 */
export const nanoUsd = {
  up: (usd: number): number => bounded(Math.ceil(usd * 1e9)),
  down: (usd: number): number => bounded(Math.floor(usd * 1e9)),
  /** For what was made by `toUsd`. */
  exact: (usd: number): number => bounded(Math.round(usd * 1e9)),
  toUsd: (nanos: number): number => nanos / 1e9,
};

function bounded(nanos: number): number {
  return Math.min(nanos, Number.MAX_SAFE_INTEGER);
}
