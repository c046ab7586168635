import type { Delta } from '../contracts/delta.ts';
import type { Explanation } from '../contracts/explanation.ts';
import type { Persona } from '../contracts/persona.ts';
import { deltaHolds } from '../personas/apply-deltas.ts';
import { changeKey } from './change-key.ts';
import { isTakenBack } from './effects/is-taken-back.ts';
import type { FeedbackState, PatchEntry, RecommendationEntry } from './feedback-state.ts';

/**
 * Where a recommendation stands. Derived from records and the base branch, never stored.
 * - pending: code can make the change, and no patch carries it yet
 * - waiting: it has no deltas; a model or a person has to say what to change
 * - explained: it has no deltas, and a model has said what it sees; what to change is a recommendation of its own
 * - unexplained: it has no deltas, and no draft of a model could be used; a person has to look
 * - superseded: a newer recommendation speaks about the same thing
 * - no-persona: the persona that it names is not on the roster, or cannot be read
 * - proposed, applied, rejected: as its patch; applied also when the base already is as it wants, and
 *   rejected also when a person has refused a change of it before, whatever evidence it brings, or when the
 *   change did harm and was taken back
 */
export type RecommendationStatus =
  | 'pending'
  | 'waiting'
  | 'explained'
  | 'unexplained'
  | 'superseded'
  | 'no-persona'
  | 'proposed'
  | 'applied'
  | 'rejected';

/** What is known of explanations, by the id of the recommendation. */
export type Explanations = ReadonlyMap<string, Pick<Explanation, 'state'>>;

/** @param explanations as `readExplanations` gives them; without them, what was explained is still `waiting` */
export function recommendationStatuses(
  state: FeedbackState,
  explanations: Explanations = new Map(),
): Map<string, RecommendationStatus> {
  const personas = new Map(
    state.roster.flatMap((read) => (read.ok ? [[read.file.persona.id, read.file.persona] as const] : [])),
  );
  const newest = newestByTopic(state.recommendations);
  const carriers = patchByRecommendation(state.patches);
  const refused = refusedChanges(state);
  const statuses = state.recommendations.map(
    (entry) =>
      [entry.id, statusOf(entry, state, { personas, newest, carriers, refused, explanations })] as const,
  );
  return new Map(statuses);
}

interface Known {
  readonly personas: ReadonlyMap<string, Persona>;
  readonly newest: ReadonlyMap<string, string>;
  readonly carriers: ReadonlyMap<string, PatchEntry>;
  readonly refused: ReadonlySet<string>;
  readonly explanations: Explanations;
}

function statusOf(
  entry: RecommendationEntry,
  state: FeedbackState,
  { personas, newest, carriers, refused, explanations }: Known,
): RecommendationStatus {
  const carrier = carriers.get(entry.id);
  if (carrier !== undefined && isTakenBack(state, carrier.id)) return 'rejected';
  if (carrier !== undefined) return state.decisions.get(carrier.id)?.decision ?? 'proposed';
  if (newest.get(topicOf(entry)) !== entry.id) return 'superseded';
  const deltas = entry.suggested_change?.deltas;
  if (deltas === undefined) return withoutDeltas(explanations.get(entry.id));
  const persona = personas.get(entry.target_persona ?? '');
  if (persona === undefined) return 'no-persona';
  const missing = deltas.filter((change) => !deltaHolds(persona, change));
  if (missing.length === 0) return 'applied';
  return missing.some((change) => refused.has(changeKey(persona.id, [change]))) ? 'rejected' : 'pending';
}

function withoutDeltas(explained: Pick<Explanation, 'state'> | undefined): RecommendationStatus {
  if (explained === undefined) return 'waiting';
  return explained.state === 'failed' ? 'unexplained' : 'explained';
}

function refusedChanges(state: FeedbackState): Set<string> {
  const rejected = state.patches.filter(
    ({ id }) => state.decisions.get(id)?.decision === 'rejected' || isTakenBack(state, id),
  );
  return new Set(
    rejected.flatMap((patch) => patch.deltas.map((change) => changeKey(patch.persona_id, [change]))),
  );
}

/** A later patch speaks for the recommendation: the first may have been rejected. */
function patchByRecommendation(patches: readonly PatchEntry[]): Map<string, PatchEntry> {
  return new Map(patches.flatMap((patch) => patch.recommendation_ids.map((id) => [id, patch] as const)));
}

function newestByTopic(recommendations: readonly RecommendationEntry[]): Map<string, string> {
  const newest = new Map<string, RecommendationEntry>();
  for (const entry of recommendations) {
    const before = newest.get(topicOf(entry));
    if (before === undefined || seenAt(before) <= seenAt(entry)) newest.set(topicOf(entry), entry);
  }
  return new Map([...newest].map(([topic, entry]) => [topic, entry.id]));
}

/** What a recommendation is about, whatever it says about it. */
function topicOf(entry: RecommendationEntry): string {
  const about = entry.suggested_change?.deltas?.map(subjectOf) ?? [
    entry.evidence[0]?.domain ?? '',
    entry.evidence[0]?.arms?.map(({ arm }) => arm) ?? entry.title,
  ];
  return JSON.stringify([entry.target_persona, entry.recommendation_type, about]);
}

function subjectOf(change: Delta): unknown {
  if (change.op === 'set_route' || change.op === 'unset_route') return change.domain;
  return change.op === 'set_field' ? change.field : change.id;
}

function seenAt(entry: RecommendationEntry): string {
  return entry.emitted_at ?? entry.recorded_at;
}
