import { faultPoint } from '../contracts/fault-point.ts';
import { localForge } from '../forge/local-forge.ts';
import { deleteHead, readHead } from '../forge/proposal-branch.ts';
import type { PassContext } from '../ledger/controller.ts';
import { recordAll } from '../ledger/record-all.ts';
import type { PatchEntry } from './feedback-state.ts';
import { decisionContract } from './proposal-controller.ts';
import { proposalId } from './proposal-id.ts';

/** A person says no: the decision with its reason is recorded, then the branch goes, and the page last. */
export async function rejectPatch(
  context: PassContext,
  patch: PatchEntry,
  words: { by: string; reason: string },
): Promise<void> {
  const { workspace, index } = context;
  const id = proposalId(patch);
  const decided_at = workspace.clock.now().toISOString();
  const decision = decisionContract(patch.id, {
    patch_id: patch.id,
    proposal_id: id,
    decision: 'rejected',
    decided_by: words.by,
    reason: words.reason,
    decided_at,
  });
  await recordAll(workspace, index, { subject: `Reject ${id}`, body: words.reason }, async () => ({
    contracts: [decision],
  }));
  await faultPoint('review:rejected');
  const head = await readHead(workspace, id);
  if (head !== null) await deleteHead(workspace, id, head);
  await localForge(workspace).settle(id);
}
