import { z } from 'zod';
import type { Kind } from '../contracts/kind.ts';
import { type Patch, type PatchDecision, patch, patchDecision } from '../contracts/patch.ts';
import { type Recommendation, recommendation } from '../contracts/recommendation.ts';
import type { Entry } from '../contracts/record.ts';
import type { Oid } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { PERSONAS, stateFolder } from '../ledger/paths.ts';
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
  const records = await readRecords(workspace, ledger.snapshot);
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
  workspace: Workspace,
  snapshot: Snapshot,
): Promise<Pick<FeedbackState, 'recommendations' | 'patches' | 'decisions'>> {
  const [recommendations, patches, decisions] = await Promise.all([
    readFitting<Recommendation>(workspace, snapshot, recommendation),
    readFitting<Patch>(workspace, snapshot, patch),
    readFitting<PatchDecision>(workspace, snapshot, patchDecision),
  ]);
  return {
    recommendations,
    patches,
    decisions: new Map(decisions.map((decision) => [decision.patch_id, decision])),
  };
}

/** The records of a kind that fit its schema. A line that was edited by hand may not: it is named and left out. */
async function readFitting<Fields>(
  workspace: Workspace,
  snapshot: Snapshot,
  kind: Kind,
): Promise<(Entry & Fields)[]> {
  const warn = (where: string) => {
    const words = `${where}: expected a record of kind ${kind.name}; it was left out`;
    if (!workspace.warnings.includes(words)) workspace.warnings.push(words);
  };
  const schema = z.looseObject(kind.fields.shape);
  const entries = await readEntries(snapshot, kind.name, ({ path, line }) => warn(`${path}:${line}`));
  return entries.flatMap((entry) => {
    const read = schema.safeParse(entry);
    if (read.success) return [{ ...entry, ...read.data } as Entry & Fields];
    warn(`${stateFolder(kind.name)}: ${entry.id}`);
    return [];
  });
}

/** Patches that nobody has decided on. */
export function openPatches(state: FeedbackState): PatchEntry[] {
  return state.patches.filter(({ id }) => !state.decisions.has(id));
}
