import type { Patch } from '../contracts/patch.ts';
import type { Recommendation } from '../contracts/recommendation.ts';
import type { PersonaFile } from '../personas/read-persona.ts';
import { patchesUnderWay } from './effects/merged-patches.ts';
import { type FeedbackState, openPatches, type RecommendationEntry } from './feedback-state.ts';
import { recommendationStatuses } from './recommendation-status.ts';
import { effectivePriority } from './signals/effective-priority.ts';
import type { ConsumedEntry } from './signals/read-signals.ts';
import { tryPatch } from './try-patch.ts';

export interface PlannedPatch {
  readonly file: PersonaFile;
  readonly patch: Omit<Patch, 'patch_id' | 'emitted_at'>;
}

/** Why a persona with pending recommendations gets no patch now. */
export interface NoPatch {
  readonly persona: string;
  readonly reason: string;
}

export interface UpgradePlan {
  readonly patches: readonly PlannedPatch[];
  readonly none: readonly NoPatch[];
}

/**
 * Pending recommendations to patches: at most one open patch a persona, one component, three deltas. Pure.
 * @param consumed research signals that were used: they raise and lower priorities
 */
export function planPatches(
  state: FeedbackState,
  onlyPersona?: string,
  consumed: readonly ConsumedEntry[] = [],
): UpgradePlan {
  const statuses = recommendationStatuses(state);
  const pending = state.recommendations.filter((entry) => statuses.get(entry.id) === 'pending');
  const files = state.roster.flatMap((read) => (read.ok ? [read.file] : []));
  const chosen = files.filter(({ persona }) => onlyPersona === undefined || persona.id === onlyPersona);
  const results = chosen.flatMap((file) => {
    const own = pending.filter((entry) => entry.target_persona === file.persona.id);
    return own.length === 0 ? [] : [planOne(state, file, strongestFirst(own, consumed))];
  });
  return {
    patches: results.flatMap((result) => ('patch' in result ? [result] : [])),
    none: results.flatMap((result) => ('reason' in result ? [result] : [])),
  };
}

/**
 * The strongest recommendation that can be carried out decides the component; others join while there is room.
 * @param pending the strongest first
 */
function planOne(
  state: FeedbackState,
  file: PersonaFile,
  pending: readonly RecommendationEntry[],
): PlannedPatch | NoPatch {
  const persona = file.persona.id;
  const open = openPatches(state).find((patch) => patch.persona_id === persona);
  if (open !== undefined) return { persona, reason: `patch ${open.id} is still open` };
  // A second change would hide what the first one does.
  const measured = patchesUnderWay(state).find(({ patch }) => patch.persona_id === persona);
  if (measured !== undefined)
    return { persona, reason: `the effect of ${measured.patch.id} is still measured` };
  let carried: readonly RecommendationEntry[] = [];
  let patch: PlannedPatch['patch'] | undefined;
  const problems: string[] = [];
  for (const entry of pending) {
    const tried = tryPatch(file, [...carried, entry]);
    if ('problem' in tried) {
      problems.push(tried.problem);
      continue;
    }
    carried = [...carried, entry];
    patch = tried.patch;
  }
  return patch === undefined ? { persona, reason: problems[0] ?? 'nothing to change' } : { file, patch };
}

function strongestFirst(
  pending: readonly RecommendationEntry[],
  consumed: readonly ConsumedEntry[],
): RecommendationEntry[] {
  const rank = (entry: RecommendationEntry) => ranks[effectivePriority(entry, consumed)];
  const p = (entry: RecommendationEntry) => entry.evidence[0]?.p_value ?? 1;
  return [...pending].sort((a, b) => rank(a) - rank(b) || p(a) - p(b));
}

const ranks: Readonly<Record<Recommendation['priority'], number>> = {
  critical: 0,
  high: 1,
  medium: 2,
  low: 3,
};
