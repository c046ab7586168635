import { faultPoint } from '../contracts/fault-point.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { PatchDecision } from '../contracts/patch.ts';
import { openForge } from '../forge/open-forge.ts';
import { tidyProposal } from '../forge/tidy-proposal.ts';
import type { PassContext } from '../ledger/controller.ts';
import { recordAll } from '../ledger/record-all.ts';
import { type PatchEntry, readFeedbackState } from './feedback-state.ts';
import { proposalId } from './proposal-id.ts';
import { decisionContract, wordsOf } from './record-decision.ts';

/**
 * A person says no: the decision with its reason is recorded, then the branch goes, and the page last.
 * Throws `decided` when somebody else was first.
 */
export async function rejectPatch(
  context: PassContext,
  patch: PatchEntry,
  words: { by: string; reason: string },
): Promise<void> {
  const { workspace, index } = context;
  const id = proposalId(patch);
  const forge = await openForge(context);
  const { latest } = await readFeedbackState(workspace);
  const fields: PatchDecision = {
    patch_id: patch.id,
    proposal_id: id,
    decision: 'rejected',
    decided_by: words.by,
    reason: words.reason,
    decided_at: workspace.clock.now().toISOString(),
  };
  const decision = decisionContract(`forge:${forge.name}`, fields, latest.get(patch.id));
  const done = await recordAll(
    workspace,
    index,
    { subject: `Reject ${id}`, body: words.reason },
    async () => ({ contracts: [decision] }),
  );
  if (done.value === 0)
    throw new MillwrightError('decided', `patch ${patch.id} was decided by somebody else in the meantime`, {
      hint: 'millwright review list shows how',
    });
  await faultPoint('review:rejected');
  await tidyProposal(workspace, forge, id, wordsOf(fields));
}
