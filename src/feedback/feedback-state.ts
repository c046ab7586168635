import type { Patch, PatchDecision } from '../contracts/patch.ts';
import type { Recommendation } from '../contracts/recommendation.ts';
import type { Entry } from '../contracts/record.ts';
import type { Oid } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { PERSONAS } from '../ledger/paths.ts';
import { readEntries } from '../ledger/read-entries.ts';
import type { Workspace } from '../ledger/workspace.ts';
import { type PersonaRead, readRoster } from '../personas/read-persona.ts';

export type RecommendationEntry = Entry & Recommendation;
export type PatchEntry = Entry & Patch;
export type DecisionEntry = Entry & PatchDecision;

/** The facts that the feedback loop decides from, read once. */
export interface FeedbackState {
  readonly recommendations: readonly RecommendationEntry[];
  readonly patches: readonly PatchEntry[];
  readonly decisions: ReadonlyMap<string, DecisionEntry>;
  /** The personas that some record names: the others have nothing to decide. */
  readonly roster: readonly PersonaRead[];
  readonly base: Oid | null;
}

/** The last state that was read, by workspace. Commits never change, so the same two give the same state. */
const lastRead = new WeakMap<Workspace, { ledger: Oid | null; state: FeedbackState }>();

export async function readFeedbackState(workspace: Workspace): Promise<FeedbackState> {
  const ledger = await workspace.log.tip();
  const base = workspace.base === workspace.log ? ledger : await workspace.base.tip();
  const last = lastRead.get(workspace);
  if (last !== undefined && last.ledger === ledger.commit && last.state.base === base.commit)
    return last.state;
  const records = await readRecords(ledger.snapshot);
  const named = [
    ...records.recommendations.map((entry) => entry.target_persona),
    ...records.patches.map((patch) => patch.persona_id),
  ];
  const roster = await readRoster(base.snapshot, PERSONAS, new Set(named.filter((id) => id !== undefined)));
  const state = { ...records, roster, base: base.commit };
  lastRead.set(workspace, { ledger: ledger.commit, state });
  return state;
}

async function readRecords(
  snapshot: Snapshot,
): Promise<Pick<FeedbackState, 'recommendations' | 'patches' | 'decisions'>> {
  const [recommendations, patches, decisions] = await Promise.all([
    readEntries<Recommendation>(snapshot, 'recommendation'),
    readEntries<Patch>(snapshot, 'patch'),
    readEntries<PatchDecision>(snapshot, 'patch_decision'),
  ]);
  return {
    recommendations,
    patches,
    decisions: new Map(decisions.map((decision) => [decision.patch_id, decision])),
  };
}

/** Patches that nobody has decided on. */
export function openPatches(state: FeedbackState): PatchEntry[] {
  return state.patches.filter((patch) => !state.decisions.has(patch.id));
}
