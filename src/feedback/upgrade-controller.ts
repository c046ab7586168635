import { describeDelta } from '../contracts/delta.ts';
import { contentKey, derivedId, idTime } from '../contracts/ids.ts';
import { noReferences } from '../contracts/no-references.ts';
import { type Patch, patch as patchKind } from '../contracts/patch.ts';
import type { Contract } from '../contracts/record.ts';
import type { Controller, PassContext, Step } from '../ledger/controller.ts';
import { recordAll } from '../ledger/record-all.ts';
import { readFeedbackState } from './feedback-state.ts';
import { type PlannedPatch, planPatches } from './plan-patch.ts';
import { readSignals } from './signals/read-signals.ts';

/** Turns pending recommendations into patch records. */
export const upgradeController: Controller = {
  name: 'upgrade',
  plan: (context) => planUpgrades(context),
};

export async function planUpgrades(context: PassContext, onlyPersona?: string): Promise<Step[]> {
  const { consumed } = await readSignals(context.workspace);
  const plan = planPatches(await readFeedbackState(context.workspace), onlyPersona, consumed);
  return plan.patches.map((planned) => ({
    controller: 'upgrade',
    summary: `patch ${planned.patch.persona_id} ${planned.patch.from_version} to ${planned.patch.to_version}: ${planned.patch.deltas.map(describeDelta).join(', ')}`,
    changes: true,
    apply: () => recordPatch(context, planned),
  }));
}

async function recordPatch(context: PassContext, planned: PlannedPatch) {
  const contract = toContract(planned);
  const words = {
    subject: `Patch ${planned.patch.persona_id} to ${planned.patch.to_version}`,
    body: noReferences(planned.patch.deltas.map(describeDelta).join('\n')),
  };
  const done = await recordAll(context.workspace, context.index, words, async () => ({
    contracts: [contract],
  }));
  return { changed: done.commit !== null };
}

/** The id is computed from the content, so two runners that plan the same patch record one. */
function toContract({ patch }: PlannedPatch): Contract {
  const newest = patch.recommendation_ids.at(-1) ?? '';
  const id = derivedId(idTime(newest), ['patch', contentKey(patch, 64)]);
  const fields: Patch = { patch_id: id, ...patch };
  return { id, kind: patchKind, source: 'upgrader', fields: patchKind.fields.parse(fields) };
}
