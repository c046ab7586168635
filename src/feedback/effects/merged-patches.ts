import type { Oid } from '../../git/repository.ts';
import type { DecisionEntry, FeedbackState, PatchEntry } from '../feedback-state.ts';

/** A patch that was merged, and the commit of the base that brought it. */
export interface MergedPatch {
  readonly patch: PatchEntry;
  readonly decision: DecisionEntry;
  readonly commit: Oid;
}

/**
 * The patches that have an effect to measure, in the order in which their merge was recorded. One that takes another
 * back has none of its own: it goes where the persona has been before. Pure.
 */
export function mergedPatches(state: FeedbackState): MergedPatch[] {
  const merged = state.patches.flatMap((patch): MergedPatch[] => {
    const decision = state.decisions.get(patch.id);
    if (decision?.decision !== 'applied' || patch.reverts !== undefined) return [];
    const { commit_hash: commit = '' } = decision;
    // Anybody may drop a decision: what is no commit id must not reach git as a revision.
    return /^[0-9a-f]{40}$/.test(commit) ? [{ patch, decision, commit }] : [];
  });
  return merged.sort((a, b) => (recordOrder(a) < recordOrder(b) ? -1 : 1));
}

/** Those of them whose measurement has come to nothing yet. */
export function patchesUnderWay(state: FeedbackState): MergedPatch[] {
  return mergedPatches(state).filter(({ patch }) => !state.effects.has(patch.id));
}

function recordOrder({ decision }: MergedPatch): string {
  return `${decision.recorded_at} ${decision.id}`;
}
