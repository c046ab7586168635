import type { EffectRun } from '../read-effect-runs.ts';
import type { Block } from '../statistics/effect-process.ts';

/**
 * Pairs of one run of each version, in the order in which they are complete: every run takes the newest of the other
 * version that has no partner yet.
 *
 * The newest, not the oldest, because both halves of a pair have to be of the same times. Chance alone puts one
 * version a dozen runs ahead; first come, first served would then hold good times of the one against bad times of
 * the other for dozens of pairs. Simulated (3,000 stories of 300 runs, 90 % accepted until the 40th and 40 % from
 * then on, no difference between the versions): taken back in 7.3 % first come, first served, in 2.8 % like this,
 * with the same number of pairs, and harm of 20 points is found as often (84 %).
 */
export function pairRuns(runs: readonly EffectRun[]): Block[] {
  const waiting: EffectRun[] = [];
  const pairs: Block[] = [];
  for (const run of runs) {
    const partner = waiting.at(-1);
    if (partner === undefined || partner.treatment === run.treatment) {
      waiting.push(run);
      continue;
    }
    waiting.pop();
    const [control, treatment] = run.treatment ? [partner, run] : [run, partner];
    pairs.push({ control: control.accepted, treatment: treatment.accepted });
  }
  return pairs;
}
