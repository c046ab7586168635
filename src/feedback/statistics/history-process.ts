import { requireAtMost, requireCount } from './argument-checks.ts';
import { chanceOf } from './chance-of.ts';
import type { PastRuns } from './effect-process.ts';
import { meanOfExponentials } from './mean-of-exponentials.ts';

/** Plain data: it survives a trip through JSON. */
export interface HistoryProcess {
  /** Evidence that runs now succeed less often than the history less 5 points: above 0 and finite, 1 at the start. */
  readonly harm: number;
  readonly runs: number;
  /** Natural logarithms of the e-values by assumed loss (.10, .20, .35), from which `harm` is made. */
  readonly logHarm: readonly number[];
  /** Share accepted in the history; null when there is no history: then `harm` stays 1. */
  readonly past: number | null;
}

/** A loss of up to this much is not held against the new version. */
const MARGIN = 0.05;
/** Losses against the history that the process looks for, all three with the same weight. */
const LOSSES = [0.1, 0.2, 0.35];
const LEAST_RATE = 0.015;

/**
 * The comparison of a new version with a fixed history, for work too rare to run two versions side by side.
 *
 * Good for an alert only: it cannot tell a worse version from harder times. While the true rate is at least the
 * history's less 5 points, `harm` is a nonnegative supermartingale that begins at 1, so the chance that it ever
 * reaches 20 is at most 1 / 20 (Ville's inequality). That takes the history's share for the true one: with few runs in
 * the history it is a guess.
 * Throws `bad-argument` unless both are integers >= 0 with accepted <= runs.
 */
export function newHistoryProcess({ runs, accepted }: PastRuns): HistoryProcess {
  requireCount('runs', runs);
  requireCount('accepted', accepted);
  requireAtMost('accepted', accepted, 'runs', runs);
  return { harm: 1, runs: 0, logHarm: LOSSES.map(() => 0), past: runs === 0 ? null : accepted / runs };
}

/** The process after one more run of the new version. */
export function addRun(process: HistoryProcess, accepted: boolean): HistoryProcess {
  const { past } = process;
  if (past === null) return { ...process, runs: process.runs + 1 };
  const expected = Math.max(LEAST_RATE, past - MARGIN);
  const logHarm = process.logHarm.map((log, at) => {
    const lost = Math.max(LEAST_RATE, past - (LOSSES[at] ?? 0));
    return log + Math.log(chanceOf(accepted, lost) / chanceOf(accepted, expected));
  });
  return { harm: meanOfExponentials(logHarm), runs: process.runs + 1, logHarm, past };
}
