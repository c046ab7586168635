import type { PastRuns } from '../statistics/effect-process.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';

export interface RateDifference {
  /** Share accepted of the treatment less that of the control, -1 to 1. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The difference of two independent success rates, treatment less control, with its interval. Null without a run in
 * either arm: then nothing is known.
 *
 * `z` is the normal quantile of one bound: 1.645 gives 90% two-sided.
 * Source: R. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10 (hybrid score).
 * Throws `bad-argument` unless all counts are integers >= 0 with accepted <= runs, and z is finite and > 0.
 */
export function newcombeInterval(control: PastRuns, treatment: PastRuns, z = 1.645): RateDifference | null {
  const before = wilsonInterval(control.accepted, control.runs, z);
  const after = wilsonInterval(treatment.accepted, treatment.runs, z);
  if (control.runs === 0 || treatment.runs === 0) return null;
  const [old, now] = [control.accepted / control.runs, treatment.accepted / treatment.runs];
  const difference = now - old;
  return {
    difference,
    low: difference - Math.hypot(now - after.lower, before.upper - old),
    high: difference + Math.hypot(after.upper - now, old - before.lower),
  };
}
