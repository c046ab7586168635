import type { Pass } from '../../src/contracts/pass.ts';
import type { PatchDecision } from '../../src/contracts/patch.ts';
import type { Entry } from '../../src/contracts/record.ts';
import {
  type FeedbackState,
  openPatches,
  type PatchEntry,
  readFeedbackState,
} from '../../src/feedback/feedback-state.ts';
import { proposalId } from '../../src/feedback/proposal-id.ts';
import { readEntries } from '../../src/ledger/read-entries.ts';
import { deltaHolds } from '../../src/personas/apply-deltas.ts';
import type { Story } from './story.ts';

/** What the ledger says when all is over. */
export interface EndState {
  readonly patches: readonly PatchEntry[];
  /** Every decision, oldest first, by patch. */
  readonly decisions: ReadonlyMap<string, readonly (Entry & PatchDecision)[]>;
  readonly passes: readonly (Entry & Pass)[];
  /** Ids of proposals that are undecided. */
  readonly open: ReadonlySet<string>;
  /** Ids of proposals whose content is in the base. */
  readonly inBase: ReadonlySet<string>;
}

export function readEndState({ place }: Story): Promise<EndState> {
  return place.inWorkspace(place.runners[0], async (workspace) => {
    const state = await readFeedbackState(workspace);
    const { snapshot } = await workspace.log.tip();
    const all = await readEntries<PatchDecision>(snapshot, 'patch_decision');
    return {
      patches: state.patches,
      decisions: byPatch(all),
      passes: await readEntries<Pass>(snapshot, 'pass'),
      open: new Set(openPatches(state).map(proposalId)),
      inBase: new Set(state.patches.filter((patch) => holds(state, patch)).map(proposalId)),
    };
  });
}

function holds({ roster }: FeedbackState, patch: PatchEntry): boolean {
  return roster.some(
    (read) =>
      read.ok &&
      read.file.persona.id === patch.persona_id &&
      patch.deltas.every((change) => deltaHolds(read.file.persona, change)),
  );
}

function byPatch(all: readonly (Entry & PatchDecision)[]): Map<string, (Entry & PatchDecision)[]> {
  const lists = new Map<string, (Entry & PatchDecision)[]>();
  for (const decision of all)
    lists.set(decision.patch_id, [...(lists.get(decision.patch_id) ?? []), decision]);
  return lists;
}
