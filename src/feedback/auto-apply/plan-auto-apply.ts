import type { Delta } from '../../contracts/delta.ts';
import type { PatchTest } from '../../contracts/patch-test.ts';
import type { Settings } from '../../contracts/settings.ts';

/** What decides whether a patch is merged without a person. */
export interface AutoApplyFacts {
  readonly settings: Settings['auto_apply'];
  readonly deltas: readonly Delta[];
  readonly isRevert: boolean;
  readonly test: Pick<PatchTest, 'verdict'> | undefined;
  /** What a pass would do about its proposal. */
  readonly result: string;
  /** The persona's file on the base is the one that the test was made with. */
  readonly sameFile: boolean;
  /** Why the branch is not just what the test has tested; undefined when it is. */
  readonly problem: string | undefined;
  /** It was counted before: a pass died over it. */
  readonly begun: boolean;
  /** Uses of the last 24 hours, those planned in this pass among them. */
  readonly uses: number;
}

/**
 * undefined: the patch is merged. Otherwise why it waits for a person. Pure, and whatever is not expressly
 * allowed is not done.
 */
export function whyNotApplied(facts: AutoApplyFacts): string | undefined {
  const { settings, deltas, test, result } = facts;
  if (!settings.enabled) return 'auto_apply.enabled is off';
  if (facts.isRevert) return 'it takes a change back';
  const other = deltas.find(({ op }) => !settings.deltas.includes(op));
  if (other !== undefined) return `auto_apply.deltas does not name ${other.op}`;
  if (test === undefined) return 'it was not tested';
  if (test.verdict !== 'improved') return `its test says ${test.verdict}`;
  if (result !== 'unchanged') return `its proposal is ${result}`;
  if (!facts.sameFile) return 'the persona has changed since its test';
  if (facts.problem !== undefined) return facts.problem;
  if (!facts.begun && facts.uses >= settings.max_per_day)
    return `auto_apply.max_per_day is reached: ${facts.uses} in 24 hours`;
  return undefined;
}
