import { describeDelta } from '../../contracts/delta.ts';
import { type EffectDecision, type EffectMeasurement, effectMeasurement } from '../../contracts/effect.ts';
import type { Entry } from '../../contracts/record.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { readEntries } from '../../ledger/read-entries.ts';
import { type EffectEntry, type FeedbackState, readFeedbackState } from '../feedback-state.ts';
import { type Calibration, calibration } from './calibration.ts';
import { effectContract } from './effect-contract.ts';
import type { EffectScope } from './effect-scope.ts';
import { isPromisedScope } from './is-promised-scope.ts';
import { type MeasuredEffect, measureEffects } from './measure-effects.ts';
import { type MergedPatch, mergedPatches } from './merged-patches.ts';
import { openEffects } from './open-effects.ts';
import { predictedDifference } from './predicted-difference.ts';
import { sayScope } from './say-scope.ts';
import { scopeOfRecord } from './scope-of-record.ts';

type Figures = Omit<
  EffectMeasurement,
  'effect_measurement_id' | 'patch_id' | 'persona_id' | 'state' | 'measured_at' | 'extra'
>;

/** A merged patch: what it promised, and what it was measured to do. */
export interface EffectRow extends Omit<Figures, 'method'> {
  readonly patch_id: string;
  readonly persona_id: string;
  /** What it changed, in a line. */
  readonly changes: string;
  /** The runs that count; null where its record could not hold them, or before anything is counted. */
  readonly scope: EffectScope | null;
  /** The same in words: `all`, `in a/b`, `in 3 domains`, `outside 2 domains`. */
  readonly runs_counted: string | null;
  /** The promise is about these runs too, so the two can be held against each other. */
  readonly same_scope: boolean;
  /** null until a run was counted. */
  readonly method: Figures['method'] | null;
  /** Change of the success rate that was promised, -1 to 1. */
  readonly predicted_difference: number | null;
  /** `waits`: the persona on the base branch cannot be read. */
  readonly state: EffectMeasurement['state'] | EffectDecision['decision'] | 'waits';
  readonly reason: string;
  readonly merged_at: string;
  readonly commit_hash: string;
  /** null while it is under way; a pass records what is decided. */
  readonly decided_at: string | null;
  /** The patch that takes it back. */
  readonly revert: { readonly patch_id: string; readonly status: 'proposed' | 'applied' | 'rejected' } | null;
}

export interface EffectsReport {
  readonly patches: readonly EffectRow[];
  readonly calibration: Calibration;
}

/** Every merged patch, in the order of the merges: those under way as the outcomes are now. Records nothing. */
export async function listEffects({ workspace }: PassContext): Promise<EffectsReport> {
  const state = await readFeedbackState(workspace);
  const { snapshot } = await workspace.log.tip();
  const last = await readEntries<EffectMeasurement>(snapshot, effectMeasurement.name);
  const alerts = new Map(last.map((entry: Entry & EffectMeasurement) => [entry.patch_id, entry.state]));
  const open = (await openEffects(workspace, state)).map((effect) => ({
    ...effect,
    alerted: alerts.get(effect.merged.patch.id) === 'alert',
  }));
  const measured = await measureEffects(workspace, snapshot, open);
  const byPatch = new Map(measured.map((effect) => [effect.merged.patch.id, effect]));
  const now = workspace.clock.now();
  const patches = mergedPatches(state).map((merged): EffectRow => {
    const { id } = merged.patch;
    const common = commonOf(state, merged);
    const decided = state.effects.get(id);
    if (decided !== undefined) return { ...common, ...decidedRow(merged, decided) };
    const effect = byPatch.get(id);
    return { ...common, ...(effect === undefined ? waitingRow(merged) : openRow(effect, now)) };
  });
  return { patches, calibration: calibration(patches.flatMap(promiseOf)) };
}

type Common =
  | 'patch_id'
  | 'persona_id'
  | 'changes'
  | 'merged_at'
  | 'commit_hash'
  | 'revert'
  | 'predicted_difference';
type Rest = Omit<EffectRow, Common>;

function commonOf(state: FeedbackState, { patch, decision, commit }: MergedPatch): Pick<EffectRow, Common> {
  const revert = state.patches.find(({ reverts }) => reverts === patch.id);
  return {
    patch_id: patch.id,
    persona_id: patch.persona_id,
    changes: patch.deltas.map(describeDelta).join(', '),
    predicted_difference: predictedDifference(patch),
    merged_at: decision.decided_at,
    commit_hash: commit,
    revert:
      revert === undefined
        ? null
        : { patch_id: revert.id, status: state.decisions.get(revert.id)?.decision ?? 'proposed' },
  };
}

function decidedRow(merged: MergedPatch, entry: EffectEntry): Rest {
  const { decision: state, reason, decided_at } = entry;
  const scope = scopeOfRecord(entry);
  const said = typeof entry.extra?.runs === 'string' ? entry.extra.runs : undefined;
  return { ...figuresOf(entry), ...scopeFields(merged, scope, said), state, reason, decided_at };
}

function openRow(effect: MeasuredEffect, now: Date): Rest {
  const { merged, pair: versions, figures, scope, planned } = effect;
  const { fields } = effectContract({
    patch: merged.patch,
    versions,
    figures,
    scope,
    planned,
    input: undefined,
    now,
  });
  const state = 'decision' in planned ? planned.decision : planned.state;
  return {
    ...figuresOf(fields as EffectMeasurement),
    ...scopeFields(merged, scope),
    state,
    reason: planned.reason,
    decided_at: null,
  };
}

type ScopeFields = Pick<EffectRow, 'scope' | 'runs_counted' | 'same_scope'>;

function scopeFields({ patch }: MergedPatch, scope: EffectScope | null, said?: string): ScopeFields {
  if (scope === null) return { scope, runs_counted: said ?? null, same_scope: false };
  return { scope, runs_counted: sayScope(scope) ?? 'all', same_scope: isPromisedScope(patch, scope) };
}

function figuresOf(fields: Figures): Omit<Rest, 'state' | 'reason' | 'decided_at' | keyof ScopeFields> {
  return {
    control_version: fields.control_version,
    treatment_version: fields.treatment_version,
    method: fields.control_runs + fields.treatment_runs === 0 ? null : fields.method,
    control_runs: fields.control_runs,
    control_accepted: fields.control_accepted,
    treatment_runs: fields.treatment_runs,
    treatment_accepted: fields.treatment_accepted,
    blocks: fields.blocks,
    difference: fields.difference,
    difference_low: fields.difference_low,
    difference_high: fields.difference_high,
    evidence_harm: fields.evidence_harm,
    evidence_benefit: fields.evidence_benefit,
  };
}

function waitingRow({ patch }: MergedPatch): Rest {
  return {
    control_version: patch.from_version,
    treatment_version: patch.to_version,
    scope: null,
    runs_counted: null,
    same_scope: false,
    method: null,
    control_runs: 0,
    control_accepted: 0,
    treatment_runs: 0,
    treatment_accepted: 0,
    blocks: 0,
    difference: null,
    difference_low: null,
    difference_high: null,
    evidence_harm: 1,
    evidence_benefit: 1,
    state: 'waits',
    reason: `${patch.persona_id} cannot be read on the base branch; millwright doctor names the lines`,
    decided_at: null,
  };
}

/**
 * What was overtaken by another change is no measure of the analyst, and neither is a promise about other runs than
 * those that were counted.
 */
function promiseOf(row: EffectRow) {
  const { decided_at, state, predicted_difference: predicted, difference: measured, same_scope } = row;
  const counts = decided_at !== null && state !== 'superseded' && same_scope;
  return counts && predicted !== null && measured !== null ? [{ predicted, measured }] : [];
}
