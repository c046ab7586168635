import type { Workspace } from '../../ledger/workspace.ts';
import { deltaHolds } from '../../personas/apply-deltas.ts';
import { type FeedbackState, openPatches, type PatchEntry } from '../feedback-state.ts';
import { proposalId } from '../proposal-id.ts';

/**
 * The patches that are tested before they are offered, and have no verdict yet. Not tested are those that take a
 * harmful change back, those that the base has already, and those that people look at since before there was an
 * agent to test with.
 * @param tested patches with a verdict
 * @param shown ids of the proposals that the forge shows
 */
export function awaitingTest(
  { settings }: Workspace,
  state: FeedbackState,
  tested: { has(patchId: string): boolean },
  shown: ReadonlySet<string>,
): PatchEntry[] {
  if (settings.gate.agent === undefined) return [];
  return openPatches(state).filter(
    (patch) =>
      patch.reverts === undefined &&
      !tested.has(patch.id) &&
      !shown.has(proposalId(patch)) &&
      !isInBase(state, patch),
  );
}

function isInBase({ roster }: FeedbackState, { persona_id: id, deltas }: PatchEntry): boolean {
  return roster.some(
    (read) =>
      read.ok &&
      read.file.persona.id === id &&
      deltas.every((change) => deltaHolds(read.file.persona, change)),
  );
}
