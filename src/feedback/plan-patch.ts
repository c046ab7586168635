import { componentOf, type Delta } from '../contracts/delta.ts';
import { contentKey } from '../contracts/ids.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { Patch } from '../contracts/patch.ts';
import type { Recommendation } from '../contracts/recommendation.ts';
import { applyDeltas, deltaHolds, nextVersion } from '../personas/apply-deltas.ts';
import { collapseProblem } from '../personas/collapse-guard.ts';
import type { PersonaFile } from '../personas/read-persona.ts';
import { type FeedbackState, openPatches, type RecommendationEntry } from './feedback-state.ts';
import { predictEffect } from './predict-effect.ts';
import { recommendationStatuses } from './recommendation-status.ts';

/** Attribution: more deltas at once, and nobody could say which of them helped. */
const MOST_DELTAS = 3;

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

/** Pending recommendations to patches: at most one open patch a persona, one component, three deltas. Pure. */
export function planPatches(state: FeedbackState, onlyPersona?: string): UpgradePlan {
  const statuses = recommendationStatuses(state);
  const pending = state.recommendations.filter((entry) => statuses.get(entry.id) === 'pending');
  const files = state.roster.flatMap((read) => (read.ok ? [read.file] : []));
  const chosen = files.filter(({ persona }) => onlyPersona === undefined || persona.id === onlyPersona);
  const results = chosen.flatMap((file) => {
    const own = pending.filter((entry) => entry.target_persona === file.persona.id);
    return own.length === 0 ? [] : [planOne(state, file, own)];
  });
  return {
    patches: results.flatMap((result) => ('patch' in result ? [result] : [])),
    none: results.flatMap((result) => ('reason' in result ? [result] : [])),
  };
}

function planOne(
  state: FeedbackState,
  file: PersonaFile,
  pending: readonly RecommendationEntry[],
): PlannedPatch | NoPatch {
  const persona = file.persona.id;
  const open = openPatches(state).find((patch) => patch.persona_id === persona);
  if (open !== undefined) return { persona, reason: `patch ${open.id} is still open` };
  const picked = pick(file, pending);
  if (picked === undefined) return { persona, reason: 'nothing to change' };
  const key = deltasKey(persona, picked.deltas);
  const refused = state.patches.find(
    (patch) =>
      state.decisions.get(patch.id)?.decision === 'rejected' &&
      deltasKey(patch.persona_id, patch.deltas) === key,
  );
  if (refused !== undefined)
    return { persona, reason: `patch ${refused.id} with the same deltas was rejected` };
  const after = tryApply(file, picked.deltas);
  if (typeof after === 'string') return { persona, reason: after };
  const problem = collapseProblem(file, after, picked.deltas);
  if (problem !== undefined) return { persona, reason: `the patch was refused: ${problem}` };
  return { file, patch: toPatch(file, picked) };
}

/** The content of a patch, whatever evidence stands behind it: a rejected one is not offered again under another name. */
export function deltasKey(persona: string, deltas: readonly Delta[]): string {
  return contentKey([persona, deltas]);
}

interface Picked {
  readonly deltas: readonly Delta[];
  readonly recommendations: readonly RecommendationEntry[];
}

/** The strongest recommendation decides the component; others of that component join while there is room. */
function pick(file: PersonaFile, pending: readonly RecommendationEntry[]): Picked | undefined {
  const sorted = [...pending].sort(
    (a, b) => rank(a) - rank(b) || (a.evidence[0]?.p_value ?? 1) - (b.evidence[0]?.p_value ?? 1),
  );
  const component = sorted.flatMap(missing).map(componentOf)[0];
  const deltas: Delta[] = [];
  const recommendations: RecommendationEntry[] = [];
  for (const entry of sorted) {
    const wanted = missing(entry);
    const fits =
      wanted.length > 0 &&
      deltas.length + wanted.length <= MOST_DELTAS &&
      wanted.every((change) => componentOf(change) === component);
    if (!fits) continue;
    deltas.push(...wanted);
    recommendations.push(entry);
  }
  return deltas.length === 0 ? undefined : { deltas, recommendations };

  function missing(entry: RecommendationEntry): Delta[] {
    return (entry.suggested_change?.deltas ?? []).filter((change) => !deltaHolds(file.persona, change));
  }
}

const ranks: Readonly<Record<Recommendation['priority'], number>> = {
  critical: 0,
  high: 1,
  medium: 2,
  low: 3,
};

function rank(entry: RecommendationEntry): number {
  return ranks[entry.priority];
}

function tryApply(file: PersonaFile, deltas: readonly Delta[]): PersonaFile | string {
  try {
    return applyDeltas(file, deltas);
  } catch (error) {
    if (error instanceof MillwrightError) return error.message;
    throw error;
  }
}

function toPatch(file: PersonaFile, { deltas, recommendations }: Picked): PlannedPatch['patch'] {
  const { persona } = file;
  return {
    persona_id: persona.id,
    from_version: persona.version,
    to_version: nextVersion(persona.version),
    component: deltas[0] === undefined ? 'playbook' : componentOf(deltas[0]),
    deltas: [...deltas],
    rationale: recommendations
      .map(({ title, rationale }) => (rationale === undefined ? title : `${title}\n\n${rationale}`))
      .join('\n'),
    evidence: recommendations.flatMap(({ evidence }) => evidence).slice(0, 50),
    recommendation_ids: recommendations.map(({ id }) => id),
    predicted_effect: predictEffect(recommendations),
    schema_valid: true,
  };
}
