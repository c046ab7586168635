/** What a patch promised, and what it was measured to do: differences of a success rate, -1 to 1. */
export interface PromiseKept {
  readonly predicted: number;
  readonly measured: number;
}

export interface Calibration {
  readonly n: number;
  /** What a predicted point was worth: 1 for a fair analyst, less for one who flatters. Null where nobody can tell. */
  readonly slope: number | null;
  /** Mean distance between promise and measurement, 0 to 2; null without any. */
  readonly mean_absolute_error: number | null;
}

/** A line through fewer points says nothing. */
const LEAST_POINTS = 3;

/**
 * How far the promises of the analyst can be trusted: least squares of measured on predicted. Pure.
 * @param kept promise and measurement each of the same runs
 */
export function calibration(kept: readonly PromiseKept[]): Calibration {
  const n = kept.length;
  if (n === 0) return { n, slope: null, mean_absolute_error: null };
  const error = mean(kept.map(({ predicted, measured }) => Math.abs(measured - predicted)));
  return { n, slope: slopeOf(kept), mean_absolute_error: error };
}

function slopeOf(kept: readonly PromiseKept[]): number | null {
  if (kept.length < LEAST_POINTS) return null;
  const centre = mean(kept.map(({ predicted }) => predicted));
  const level = mean(kept.map(({ measured }) => measured));
  const spread = mean(kept.map(({ predicted }) => (predicted - centre) ** 2));
  // Promises are rounded to a millionth: what differs by less is the same.
  if (spread < 1e-12) return null;
  return mean(kept.map(({ predicted, measured }) => (predicted - centre) * (measured - level))) / spread;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
