import { requireAtMost, requireCount } from './argument-checks.ts';
import { chanceOf } from './chance-of.ts';
import { meanOfExponentials } from './mean-of-exponentials.ts';

/** Outcomes of runs that were judged before the comparison began. */
export interface PastRuns {
  readonly runs: number;
  /** How many of them were accepted. */
  readonly accepted: number;
}

/** One run under each version. `true`: accepted. */
export interface Block {
  /** The run under the version that was in use before. */
  readonly control: boolean;
  /** The run under the new version. */
  readonly treatment: boolean;
}

/** Plain data: it survives a trip through JSON. */
export interface EffectProcess {
  /** Evidence that the new version is worse: above 0 and finite, 1 at the start. */
  readonly harm: number;
  /** Evidence that the new version is better, the same with the arms swapped. */
  readonly benefit: number;
  readonly blocks: number;
  /** Natural logarithms of the e-values by assumed difference (.10, .20, .35), from which `harm` is made. */
  readonly logHarm: readonly number[];
  /** The same for `benefit`. */
  readonly logBenefit: readonly number[];
  /** What the rate that both arms are expected to share is made from. Real numbers, not counts of runs. */
  readonly seen: PastRuns;
}

/** Differences between the versions that the process looks for, all three with the same weight. */
const DIFFERENCES = [0.1, 0.2, 0.35];
/** The past counts as at most this many runs, so that a change of times is followed soon. */
const MOST_PAST_RUNS = 20;
const LEAST_RATE = 0.015;
const LARGEST_RATE = 0.985;

/**
 * The comparison of two versions that run side by side, before its first block.
 *
 * A history longer than 20 runs counts as 20 at its rate, a shorter one as what it is. Without any, one accepted and
 * one failed run are assumed. A wrong start costs time to a decision, never the bound on false alarms.
 *
 * While both versions succeed equally often, be that rate what it may and change from block to block, `harm` and
 * `benefit` are each a nonnegative supermartingale that begins at 1: with q = (qc + qt) / 2, a block multiplies the
 * expected value by 1 - (qc - q)^2 (p / q - (1 - p) / (1 - q))^2 <= 1 for every rate p and every pair of rates that
 * was fixed before the block. So by Ville's inequality the chance that one of them ever reaches 20 is at most 1 / 20,
 * however often one looks.
 * Source: R. Turner, A. Ly and P. Grunwald, arXiv 2106.02693, for blocks of one run in each arm.
 * Throws `bad-argument` unless both are integers >= 0 with accepted <= runs.
 */
export function newEffectProcess({ runs, accepted }: PastRuns): EffectProcess {
  requireCount('runs', runs);
  requireCount('accepted', accepted);
  requireAtMost('accepted', accepted, 'runs', runs);
  const weight = Math.min(runs, MOST_PAST_RUNS);
  return {
    harm: 1,
    benefit: 1,
    blocks: 0,
    logHarm: DIFFERENCES.map(() => 0),
    logBenefit: DIFFERENCES.map(() => 0),
    seen: runs === 0 ? { runs: 2, accepted: 1 } : { runs: weight, accepted: (weight * accepted) / runs },
  };
}

/** The process after one more block. The block is judged by what was seen before it, and only then counted. */
export function addBlock(process: EffectProcess, { control, treatment }: Block): EffectProcess {
  const mean = process.seen.accepted / process.seen.runs;
  const logHarm = process.logHarm.map(
    (log, at) => log + logFactor(mean, DIFFERENCES[at] ?? 0, control, treatment),
  );
  const logBenefit = process.logBenefit.map(
    (log, at) => log + logFactor(mean, DIFFERENCES[at] ?? 0, treatment, control),
  );
  return {
    harm: meanOfExponentials(logHarm),
    benefit: meanOfExponentials(logBenefit),
    blocks: process.blocks + 1,
    logHarm,
    logBenefit,
    seen: {
      runs: process.seen.runs + 2,
      accepted: process.seen.accepted + Number(control) + Number(treatment),
    },
  };
}

/** How much more likely the two outcomes are if the first arm's rate is higher by `difference` than if both are one. */
function logFactor(mean: number, difference: number, first: boolean, second: boolean): number {
  const higher = Math.min(LARGEST_RATE, mean + difference / 2);
  const lower = Math.max(LEAST_RATE, mean - difference / 2);
  const same = (higher + lower) / 2;
  const apart = chanceOf(first, higher) * chanceOf(second, lower);
  return Math.log(apart / (chanceOf(first, same) * chanceOf(second, same)));
}
