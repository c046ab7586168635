import type { ReplayRun } from '../../contracts/patch-test.ts';
import { sayP } from '../finding.ts';
import { pairedDifference } from '../statistics/paired-difference.ts';
import { signTest } from '../statistics/sign-test.ts';
import { noPairs, spent, type TestFigures, untested } from './test-figures.ts';

/** Fewer pairs let harm through too easily. Learning reference: n >= 60 at p < .10. */
export const FEWEST_PAIRS = 60;
const SIGNIFICANT = 0.1;

/**
 * Holds the patched persona against the old one, task by task: one-sided sign tests on the tasks that only one
 * of them solved. A task of which either side has no result counts for neither. Pure.
 * @param runs of all stages
 */
export function judgePairs(runs: readonly ReplayRun[]): TestFigures {
  const { pairs, wins, losses, old } = countPairs(runs);
  if (pairs === 0) return untested('no task came to a result on both sides', runs);
  const better = signTest(wins, losses).p;
  const worse = signTest(losses, wins).p;
  const enough = pairs >= FEWEST_PAIRS;
  const verdict =
    enough && better < SIGNIFICANT ? 'improved' : enough && worse < SIGNIFICANT ? 'worse' : 'no_evidence';
  const p = verdict === 'worse' ? worse : better;
  const { difference, lower, upper } = pairedDifference({ wins, losses, pairs });
  return {
    ...noPairs,
    ...spent(runs),
    verdict,
    reason: `${say[verdict]}: ${wins} tasks won, ${losses} lost of ${pairs}, ${sayP(p)}${enough ? '' : `; fewer than ${FEWEST_PAIRS} pairs show nothing`}`,
    pairs,
    wins,
    losses,
    p_value: p,
    difference,
    difference_low: lower,
    difference_high: upper,
    extra: { accepted_old: old, accepted_new: old + wins - losses },
  };
}

const say = {
  improved: 'the patched persona does better',
  worse: 'the patched persona does worse',
  no_evidence: 'no evidence of a difference',
} as const;

interface Pairs {
  readonly pairs: number;
  readonly wins: number;
  readonly losses: number;
  /** Tasks that the old side solved. */
  readonly old: number;
}

function countPairs(runs: readonly ReplayRun[]): Pairs {
  const sides = { old: new Map<string, boolean>(), new: new Map<string, boolean>() };
  for (const { stage, arm, task_id: task, outcome } of runs)
    if (stage === 'gate' && outcome !== 'error') sides[arm].set(task, outcome === 'accepted');
  const both = [...sides.old].flatMap(([task, before]) => {
    const after = sides.new.get(task);
    return after === undefined ? [] : [{ before, after }];
  });
  return {
    pairs: both.length,
    wins: both.filter(({ before, after }) => after && !before).length,
    losses: both.filter(({ before, after }) => before && !after).length,
    old: both.filter(({ before }) => before).length,
  };
}
