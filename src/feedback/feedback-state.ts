import { type EffectDecision, effectDecision } from '../contracts/effect.ts';
import type { Kind } from '../contracts/kind.ts';
import { type Patch, type PatchDecision, patch, patchDecision } from '../contracts/patch.ts';
import { type Recommendation, recommendation } from '../contracts/recommendation.ts';
import type { Entry } from '../contracts/record.ts';
import type { Oid } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { PERSONAS, stateFolder } from '../ledger/paths.ts';

import type { Workspace } from '../ledger/workspace.ts';
import { type PersonaRead, readRoster } from '../personas/read-persona.ts';
import { readRecords } from './read-records.ts';

export type RecommendationEntry = Entry & Recommendation;
export type PatchEntry = Entry & Patch;
export type DecisionEntry = Entry & PatchDecision;
/** A decision that holds. */
export type HoldingDecision = DecisionEntry & { readonly decision: 'applied' | 'rejected' };
export type EffectEntry = Entry & EffectDecision;

/** The facts that the feedback loop decides from, read once. */
export interface FeedbackState {
  readonly recommendations: readonly RecommendationEntry[];
  readonly patches: readonly PatchEntry[];
  /** The decision that holds, by patch. A refusal that was taken back holds no more. */
  readonly decisions: ReadonlyMap<string, HoldingDecision>;
  /** The latest word on each patch, taken back or not: the next decision follows it. */
  readonly latest: ReadonlyMap<string, DecisionEntry>;
  /** What the measurement of a merged patch came to, by patch. */
  readonly effects: ReadonlyMap<string, EffectEntry>;
  /** The personas that some record names: the others have nothing to decide. */
  readonly roster: readonly PersonaRead[];
  readonly base: Oid | null;
}

type Records = Pick<FeedbackState, 'recommendations' | 'patches' | 'decisions' | 'latest' | 'effects'>;

/**
 * What was read last, by workspace. The same folders give the same records and personas: a commit that only moves
 * work along costs nothing here.
 */
const lastRecords = new WeakMap<Workspace, { key: string; records: Records }>();
const lastRoster = new WeakMap<Workspace, { key: string; roster: readonly PersonaRead[] }>();

export async function readFeedbackState(workspace: Workspace): Promise<FeedbackState> {
  const ledger = await workspace.log.tip();
  const base = workspace.base === workspace.log ? ledger : await workspace.base.tip();
  const records = await recordsAt(workspace, ledger.snapshot);
  const roster = await rosterAt(workspace, base.snapshot, records);
  return { ...records, roster, base: base.commit };
}

async function recordsAt(workspace: Workspace, snapshot: Snapshot): Promise<Records> {
  const folders = [recommendation, patch, patchDecision, effectDecision].map(({ name }) => stateFolder(name));
  const key = await keyOf(snapshot, folders);
  const last = lastRecords.get(workspace);
  if (last?.key === key) return last.records;
  const records = await readAll(workspace, snapshot);
  lastRecords.set(workspace, { key, records });
  return records;
}

async function rosterAt(
  workspace: Workspace,
  snapshot: Snapshot,
  { recommendations, patches }: Records,
): Promise<readonly PersonaRead[]> {
  const named = [
    ...recommendations.flatMap((entry) => entry.target_persona ?? []),
    ...patches.map((entry) => entry.persona_id),
  ];
  const ids = new Set(named);
  const key = JSON.stringify([await keyOf(snapshot, [PERSONAS]), [...ids]]);
  const last = lastRoster.get(workspace);
  if (last?.key === key) return last.roster;
  const roster = await readRoster(snapshot, PERSONAS, ids);
  lastRoster.set(workspace, { key, roster });
  return roster;
}

async function keyOf(snapshot: Snapshot, folders: readonly string[]): Promise<string> {
  const entries = await Promise.all(folders.map((folder) => snapshot.entry(folder)));
  return JSON.stringify(entries.map((entry) => entry?.oid ?? null));
}

async function readAll(workspace: Workspace, snapshot: Snapshot): Promise<Records> {
  const [recommendations, patches, decisions, effects] = await Promise.all([
    readFitting<Recommendation>(workspace, snapshot, recommendation),
    readFitting<Patch>(workspace, snapshot, patch),
    readFitting<PatchDecision>(workspace, snapshot, patchDecision),
    readFitting<EffectDecision>(workspace, snapshot, effectDecision),
  ]);
  const latest = new Map(decisions.map((decision) => [decision.patch_id, decision]));
  return {
    recommendations,
    patches,
    decisions: new Map([...latest].flatMap(([id, entry]) => (holds(entry) ? [[id, entry] as const] : []))),
    latest,
    effects: new Map(effects.map((decision) => [decision.patch_id, decision])),
  };
}

function holds(entry: DecisionEntry): entry is HoldingDecision {
  return entry.decision !== 'reconsidered';
}

/** A line that was edited by hand may not fit: it is named, once, and left out. */
function readFitting<Fields>(
  { warnings }: Workspace,
  snapshot: Snapshot,
  kind: Kind,
): Promise<(Entry & Fields)[]> {
  return readRecords<Fields>(snapshot, kind, (where) => {
    const words = `${where}: expected a record of kind ${kind.name}; it was left out`;
    if (!warnings.includes(words)) warnings.push(words);
  });
}

/** Patches that nobody has decided on. */
export function openPatches(state: FeedbackState): PatchEntry[] {
  return state.patches.filter(({ id }) => !state.decisions.has(id));
}
