import type { FeedbackState } from '../feedback-state.ts';

/**
 * Whether a patch did harm and is taken back, or waits to be. A person who rejects the way back has the last word:
 * then the patch stays. Pure.
 */
export function isTakenBack(state: FeedbackState, patchId: string): boolean {
  if (state.effects.get(patchId)?.decision !== 'roll_back') return false;
  return !state.patches.some(
    ({ id, reverts }) => reverts === patchId && state.decisions.get(id)?.decision === 'rejected',
  );
}
