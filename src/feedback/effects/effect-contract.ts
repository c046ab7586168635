import {
  type EffectDecision,
  type EffectMeasurement,
  effectDecision,
  effectMeasurement,
} from '../../contracts/effect.ts';
import { derivedId, idTime } from '../../contracts/ids.ts';
import type { Contract } from '../../contracts/record.ts';
import type { PatchEntry } from '../feedback-state.ts';
import type { EffectFigures } from './effect-figures.ts';
import type { EffectScope } from './effect-scope.ts';
import type { VersionPair } from './effect-standing.ts';
import type { PlannedEffect } from './plan-effect.ts';
import { predictedDifference } from './predicted-difference.ts';
import { sayScope } from './say-scope.ts';

export interface EffectToRecord {
  readonly patch: PatchEntry;
  readonly versions: VersionPair;
  readonly figures: EffectFigures;
  readonly scope: EffectScope;
  readonly planned: PlannedEffect;
  /** Git object id of the outcomes that were looked at; undefined when there are none. */
  readonly input: string | undefined;
  readonly now: Date;
}

/**
 * The record of a measurement, or of what it came to. Of decisions there is one a patch: whoever records first, the
 * id is computed from the patch alone. That of a measurement holds how far it came, so two runners record one.
 */
export function effectContract(facts: EffectToRecord): Contract {
  const { patch, versions, figures, scope, planned, input, now } = facts;
  const common = {
    ...figureFields(patch, versions, figures),
    extra: { ...scopeFields(scope), ...(input === undefined ? {} : { input }) },
  };
  const at = now.toISOString();
  if ('decision' in planned) {
    const id = derivedId(idTime(patch.id), ['effect_decision', patch.id]);
    const { decision, reason } = planned;
    const predicted_difference = predictedDifference(patch);
    const fields = { ...common, decision, reason, predicted_difference, decided_at: at };
    return contractOf(effectDecision, id, { effect_decision_id: id, ...fields } satisfies EffectDecision);
  }
  const { state } = planned;
  const progress = [figures.blocks, figures.control.runs, figures.treatment.runs].join(' ');
  const id = derivedId(idTime(patch.id), ['effect_measurement', patch.id, figures.method, state, progress]);
  const fields = { effect_measurement_id: id, ...common, state, measured_at: at };
  return contractOf(effectMeasurement, id, fields satisfies EffectMeasurement);
}

/** The longest text that the `extra` of a record takes. */
const LONGEST_EXTRA = 10_000;

/** In words and as JSON. A list of domains that is too long for a record is left to the words. */
function scopeFields(scope: EffectScope): Record<string, string> {
  const text = JSON.stringify(scope);
  return {
    runs: sayScope(scope) ?? 'all',
    ...(text.length > LONGEST_EXTRA ? {} : { scope: text }),
  };
}

function contractOf(
  kind: typeof effectDecision | typeof effectMeasurement,
  id: string,
  fields: EffectDecision | EffectMeasurement,
): Contract {
  return { id, kind, source: 'effects', fields: kind.fields.parse(fields) };
}

function figureFields(patch: PatchEntry, versions: VersionPair, figures: EffectFigures) {
  const { method, control, treatment, blocks, difference, harm, benefit } = figures;
  return {
    patch_id: patch.id,
    persona_id: patch.persona_id,
    control_version: versions.control,
    treatment_version: versions.treatment,
    method,
    control_runs: control.runs,
    control_accepted: control.accepted,
    treatment_runs: treatment.runs,
    treatment_accepted: treatment.accepted,
    blocks,
    difference: difference === null ? null : rounded(difference.difference),
    difference_low: difference === null ? null : rounded(difference.low),
    difference_high: difference === null ? null : rounded(difference.high),
    evidence_harm: rounded(Math.min(harm, MOST_EVIDENCE)),
    evidence_benefit: rounded(Math.min(benefit, MOST_EVIDENCE)),
  };
}

/** Against the past nothing stops the evidence from growing; a record holds a number that people can read. */
const MOST_EVIDENCE = 1e9;

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
