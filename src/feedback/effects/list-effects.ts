import { describeDelta } from '../../contracts/delta.ts';
import { type EffectDecision, type EffectMeasurement, effectMeasurement } from '../../contracts/effect.ts';
import type { Entry } from '../../contracts/record.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { readEntries } from '../../ledger/read-entries.ts';
import { type EffectEntry, type FeedbackState, readFeedbackState } from '../feedback-state.ts';
import { type Calibration, calibration } from './calibration.ts';
import { effectContract } from './effect-contract.ts';
import { type MeasuredEffect, measureEffects } from './measure-effects.ts';
import { type MergedPatch, mergedPatches } from './merged-patches.ts';
import { openEffects } from './open-effects.ts';
import { predictedDifference } from './predicted-difference.ts';

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
    if (decided !== undefined) return { ...common, ...decidedRow(decided) };
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

function decidedRow(entry: EffectEntry): Rest {
  const { decision: state, reason, decided_at } = entry;
  return { ...figuresOf(entry), state, reason, decided_at };
}

function openRow(effect: MeasuredEffect, now: Date): Rest {
  const { merged, pair: versions, figures, planned } = effect;
  const { fields } = effectContract({
    patch: merged.patch,
    versions,
    figures,
    planned,
    input: undefined,
    now,
  });
  const state = 'decision' in planned ? planned.decision : planned.state;
  return { ...figuresOf(fields as EffectMeasurement), state, reason: planned.reason, decided_at: null };
}

function figuresOf(fields: Figures): Omit<Rest, 'state' | 'reason' | 'decided_at'> {
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

/** What was overtaken by another change is no measure of the analyst. */
function promiseOf({ decided_at, state, predicted_difference: predicted, difference: measured }: EffectRow) {
  const counts = decided_at !== null && state !== 'superseded';
  return counts && predicted !== null && measured !== null ? [{ predicted, measured }] : [];
}
