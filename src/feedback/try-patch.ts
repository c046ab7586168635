import { componentOf, type Delta } from '../contracts/delta.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { type Patch, patch as patchKind } from '../contracts/patch.ts';
import type { Persona } from '../contracts/persona.ts';
import { applyDeltas, deltaHolds, nextVersion } from '../personas/apply-deltas.ts';
import { collapseProblem } from '../personas/collapse-guard.ts';
import type { PersonaFile } from '../personas/read-persona.ts';
import { changeKey } from './change-key.ts';
import type { RecommendationEntry } from './feedback-state.ts';
import { predictEffect } from './predict-effect.ts';

/** Attribution: more deltas at once, and nobody could say which of them helped. */
const MOST_DELTAS = 3;
/** The longest text that a patch record takes. */
const LONGEST_RATIONALE = 100_000;

type Tried = { readonly patch: Omit<Patch, 'patch_id' | 'emitted_at'> } | { readonly problem: string };

/** One patch that carries all of these recommendations, or why there is none. Pure. */
export function tryPatch(file: PersonaFile, recommendations: readonly RecommendationEntry[]): Tried {
  const deltas = recommendations.flatMap((entry) => missing(file.persona, entry));
  const problem = shapeProblem(deltas) ?? effectProblem(file, deltas);
  if (problem !== undefined) return { problem };
  const patch = toPatch(file, deltas, recommendations);
  // A recommendation may come from anywhere, with figures that add up to no valid record.
  const checked = patchKind.fields.safeParse(patch);
  if (checked.success) return { patch };
  return {
    problem: `the patch would break its schema: ${checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
  };
}

/** What is still to do. A route that equals the default has to be named when the same hand moves the default. */
function missing(persona: Persona, entry: RecommendationEntry): Delta[] {
  const deltas = entry.suggested_change?.deltas ?? [];
  const lacks = (change: Delta) => !deltaHolds(persona, change);
  const movesDefault = deltas.some(
    (change) => change.op === 'set_route' && change.domain === null && lacks(change),
  );
  return deltas.filter((change) => lacks(change) || (movesDefault && change.op === 'set_route'));
}

function shapeProblem(deltas: readonly Delta[]): string | undefined {
  if (deltas.length > MOST_DELTAS) return `it would hold more than ${MOST_DELTAS} deltas`;
  if (new Set(deltas.map(componentOf)).size > 1) return 'its deltas touch more than one component';
  const keys = deltas.map((change) => changeKey('', [change]));
  return new Set(keys).size < keys.length ? 'it would make one change twice' : undefined;
}

function effectProblem(file: PersonaFile, deltas: readonly Delta[]): string | undefined {
  try {
    const problem = collapseProblem(file, applyDeltas(file, deltas), deltas);
    return problem === undefined ? undefined : `the patch was refused: ${problem}`;
  } catch (error) {
    if (error instanceof MillwrightError) return error.message;
    throw error;
  }
}

function toPatch(
  file: PersonaFile,
  deltas: readonly Delta[],
  recommendations: readonly RecommendationEntry[],
): Omit<Patch, 'patch_id' | 'emitted_at'> {
  const { persona } = file;
  const [first] = deltas;
  return {
    persona_id: persona.id,
    from_version: persona.version,
    to_version: nextVersion(persona.version),
    component: first === undefined ? 'playbook' : componentOf(first),
    deltas: [...deltas],
    rationale: recommendations
      .map(({ title, rationale }) => (rationale === undefined ? title : `${title}\n\n${rationale}`))
      .join('\n')
      .slice(0, LONGEST_RATIONALE),
    evidence: recommendations.flatMap(({ evidence }) => evidence).slice(0, 50),
    recommendation_ids: recommendations.map(({ id }) => id),
    predicted_effect: predictEffect(recommendations),
    schema_valid: true,
  };
}
