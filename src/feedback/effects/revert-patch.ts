import { componentOf, type Delta } from '../../contracts/delta.ts';
import { derivedId, idTime } from '../../contracts/ids.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import { type Patch, patch as patchKind } from '../../contracts/patch.ts';
import type { Evidence } from '../../contracts/recommendation.ts';
import type { Contract } from '../../contracts/record.ts';
import { applyDeltas, nextVersion } from '../../personas/apply-deltas.ts';
import type { PersonaFile } from '../../personas/read-persona.ts';
import type { PatchEntry } from '../feedback-state.ts';
import type { ArmRuns, EffectFigures } from './effect-figures.ts';
import { inverseDeltas } from './inverse-deltas.ts';

/** `none`: the persona is as it was already. */
export type RevertPatch =
  | { readonly result: 'patch'; readonly contract: Contract }
  | { readonly result: 'none' }
  | { readonly result: 'refused'; readonly problem: string };

export interface RevertFacts {
  readonly patch: PatchEntry;
  readonly control: PersonaFile;
  /** The persona on the base, which is as the patch made it. */
  readonly base: PersonaFile;
  readonly figures: EffectFigures;
  /** The decision in a sentence. */
  readonly reason: string;
}

/**
 * The patch that takes a harmful one back. Its id is computed from that of the patch, so two runners make one. Going
 * back is always allowed, also where the guard against a shrinking persona would refuse the same step forward. Pure.
 */
export function revertPatch(facts: RevertFacts): RevertPatch {
  const { patch, control, base, figures } = facts;
  const { control: old, treatment: now } = figures;
  const why = `It did harm: ${now.accepted} of ${now.runs} runs were accepted with it, ${old.accepted} of ${old.runs} without.`;
  const inverse = inverseDeltas(patch.deltas, control.persona, base.persona, why);
  if ('problem' in inverse) return { result: 'refused', problem: inverse.problem };
  if (inverse.deltas.length === 0) return { result: 'none' };
  const problem = applyProblem(base, inverse.deltas);
  if (problem !== undefined) return { result: 'refused', problem };
  return { result: 'patch', contract: toContract(facts, inverse.deltas) };
}

function applyProblem(file: PersonaFile, deltas: readonly Delta[]): string | undefined {
  try {
    applyDeltas(file, deltas);
    return undefined;
  } catch (error) {
    if (error instanceof MillwrightError) return error.message;
    throw error;
  }
}

function toContract(facts: RevertFacts, deltas: readonly Delta[]): Contract {
  const { patch, base, figures, reason } = facts;
  const [first] = deltas;
  const id = derivedId(idTime(patch.id), ['revert', patch.id]);
  const fields: Patch = {
    patch_id: id,
    persona_id: patch.persona_id,
    from_version: base.persona.version,
    to_version: nextVersion(base.persona.version),
    component: first === undefined ? patch.component : componentOf(first),
    deltas: [...deltas],
    rationale: `Patch ${patch.id} did harm, so this one takes it back.\n\n${reason}`,
    evidence: evidenceOf(facts),
    recommendation_ids: [],
    predicted_effect: {
      metric: 'acceptance_rate',
      baseline: rateOf(figures.treatment),
      expected: rateOf(figures.control),
      cost_per_run_before: null,
      cost_per_run_after: null,
      runs: figures.control.runs + figures.treatment.runs,
      measured_by:
        'both versions at work side by side since the merge; the way back itself is not measured again',
      note: 'What the patch has cost is what taking it back should regain.',
    },
    reverts: patch.id,
    schema_valid: true,
  };
  return { id, kind: patchKind, source: 'effects', fields: patchKind.fields.parse(fields) };
}

/** One entry an arm: the two never worked on the same tasks, and must not be read as pairs. */
function evidenceOf({ control, base, figures }: RevertFacts): Evidence[] {
  return [
    { arm: base.persona.version, runs: figures.treatment },
    { arm: control.persona.version, runs: figures.control },
  ].map(({ arm, runs }) => ({
    statement: `${runs.accepted} of ${runs.runs} runs accepted under ${arm}`,
    record_ids: runs.ids.slice(0, 1_000),
    arms: [{ arm, n: runs.runs, accepted: runs.accepted, cost_usd: null }],
    test: 'concurrent two-sample e-process',
    // An e-value of 20 is as strong as a p-value of 1/20, whenever one looks.
    p_value: Math.min(1, 1 / figures.harm),
  }));
}

function rateOf({ runs, accepted }: ArmRuns): number | null {
  return runs === 0 ? null : accepted / runs;
}
