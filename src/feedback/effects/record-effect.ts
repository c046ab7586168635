import { type Contract, toEntry } from '../../contracts/record.ts';
import type { PassContext, StepReport } from '../../ledger/controller.ts';
import { recordAll } from '../../ledger/record-all.ts';
import { effectContract } from './effect-contract.ts';
import type { MeasuredEffect } from './measure-effects.ts';
import type { PlannedEffect } from './plan-effect.ts';
import { type RevertPatch, revertPatch } from './revert-patch.ts';

/** The longest reason that a record takes. */
const LONGEST_REASON = 1_000;

/**
 * Records a measurement, or a decision with the patch that takes the change back: both or none, in one commit. A
 * decision that another runner has recorded meanwhile stands, and ours brings nothing along.
 * @param input what it was measured from
 */
export async function recordEffect(
  { workspace, index }: PassContext,
  effect: MeasuredEffect,
  input: string | undefined,
): Promise<StepReport> {
  const { patch } = effect.merged;
  const revert = revertFor(effect);
  const planned = withRevert(effect.planned, revert);
  const now = workspace.clock.now();
  const { pair: versions, figures, scope } = effect;
  const record = effectContract({ patch, versions, figures, scope, planned, input, now });
  const contracts: Contract[] = [record, ...(revert?.result === 'patch' ? [revert.contract] : [])];
  const words = { subject: subjectOf(effect), body: planned.reason };
  const done = await recordAll(workspace, index, words, async (snapshot) => {
    const [known] = await index.look(snapshot, record.kind.name, [toEntry(record, now)]);
    return { contracts: known === 'new' ? contracts : [] };
  });
  return { changed: done.commit !== null };
}

function revertFor({ merged, versions, base, figures, planned }: MeasuredEffect): RevertPatch | undefined {
  if (!('decision' in planned) || planned.decision !== 'roll_back') return undefined;
  if (versions.result !== 'known' || !base?.ok) return undefined;
  const { control } = versions;
  return revertPatch({
    patch: merged.patch,
    control,
    base: base.file,
    figures,
    reason: planned.reason,
  });
}

/** A decision says what becomes of it. */
function withRevert(planned: PlannedEffect, revert: RevertPatch | undefined): PlannedEffect {
  const note =
    revert?.result === 'refused'
      ? `; it has to be taken back by hand, because ${revert.problem}`
      : revert?.result === 'none'
        ? '; nothing is left to take back'
        : '';
  return { ...planned, reason: `${planned.reason}${note}`.slice(0, LONGEST_REASON) };
}

function subjectOf({ merged, planned, pair }: MeasuredEffect): string {
  const whose = `${merged.patch.persona_id} ${pair.treatment}`;
  if ('state' in planned) return `Measure ${whose}: ${planned.state}`;
  return `Decide on ${whose}: ${planned.decision.replace('_', ' ')}`;
}
