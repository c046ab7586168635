import type { PatchDecision } from '../contracts/patch.ts';
import type { Forge } from '../forge/forge.ts';
import type { PassContext, Step } from '../ledger/controller.ts';
import { recordAll } from '../ledger/record-all.ts';
import type { DecisionEntry, PatchEntry } from './feedback-state.ts';
import { proposalId } from './proposal-id.ts';
import { decisionContract } from './record-decision.ts';

/**
 * Takes a refusal back: the patch is open again from here on, and offered like any other. Repeated after the same
 * refusal it is the same record.
 * @param refusal the decision that is taken back
 */
export function reconsiderPatch(
  { workspace, index }: PassContext,
  forge: Forge,
  patch: PatchEntry,
  refusal: DecisionEntry,
  reason: string,
): Step {
  const id = proposalId(patch);
  return {
    controller: 'proposals',
    summary: `proposal ${id}: its refusal is taken back, ${reason}`,
    changes: true,
    apply: async () => {
      const fields: PatchDecision = {
        patch_id: patch.id,
        proposal_id: id,
        decision: 'reconsidered',
        decided_by: 'a person',
        reason,
        decided_at: workspace.clock.now().toISOString(),
      };
      const contract = decisionContract(`forge:${forge.name}`, fields, refusal);
      const subject = `Take the refusal of ${id} back`;
      const done = await recordAll(workspace, index, { subject }, async () => ({ contracts: [contract] }));
      return { changed: done.value > 0 };
    },
  };
}
