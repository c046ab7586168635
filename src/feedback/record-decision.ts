import { faultPoint } from '../contracts/fault-point.ts';
import { derivedId, idTime } from '../contracts/ids.ts';
import { type PatchDecision, patchDecision } from '../contracts/patch.ts';
import type { Contract } from '../contracts/record.ts';
import { decidingCommit } from '../forge/deciding-commit.ts';
import type { Forge } from '../forge/forge.ts';
import type { PlannedProposal } from '../forge/reconcile-proposal.ts';
import { tidyProposal } from '../forge/tidy-proposal.ts';
import { isAncestor } from '../git/branch.ts';
import type { Oid } from '../git/repository.ts';
import { Snapshot } from '../git/snapshot.ts';
import type { PassContext } from '../ledger/controller.ts';
import { personaPath } from '../ledger/paths.ts';
import { recordAll } from '../ledger/record-all.ts';
import type { Workspace } from '../ledger/workspace.ts';
import { deltaHolds } from '../personas/apply-deltas.ts';
import { readPersona } from '../personas/read-persona.ts';
import type { FeedbackState, PatchEntry } from './feedback-state.ts';

/**
 * The record first: a pass that dies after it finds the decision and only tidies up. The page last: while it
 * is there, the next pass knows that there may be a branch to take away.
 */
export async function recordDecision(
  context: PassContext,
  forge: Forge,
  patch: PatchEntry,
  planned: PlannedProposal,
  state: FeedbackState,
): Promise<void> {
  const { workspace, index } = context;
  const fields = await decisionFields(context, patch, planned, state);
  const subject = `${planned.result === 'merged' ? 'Record the merge of' : 'Record the refusal of'} ${planned.id}`;
  await recordAll(workspace, index, { subject }, async () => ({
    contracts: [decisionContract(patch.id, fields)],
  }));
  await faultPoint('proposal:decided');
  await tidyProposal(workspace, forge, planned.id);
}

async function decisionFields(
  context: PassContext,
  patch: PatchEntry,
  planned: PlannedProposal,
  state: FeedbackState,
): Promise<PatchDecision> {
  const decided_at = context.workspace.clock.now().toISOString();
  const common = { patch_id: patch.id, proposal_id: planned.id, decided_at };
  if (planned.result === 'rejected')
    return {
      ...common,
      decision: 'rejected',
      decided_by: planned.closedBy?.slice(0, 1_000) ?? 'a person',
      reason: planned.reason?.slice(0, 100_000) ?? 'closed without a reason',
    };
  const { commit, by } = await decidingCommit(
    context.workspace,
    state.base ?? '',
    personaPath(patch.persona_id),
    (at) => hadChange(context.workspace, patch, planned.landed, at),
  );
  return { ...common, decision: 'applied', decided_by: by.slice(0, 1_000), commit_hash: commit };
}

/** Whether the base had the change at a commit: the commit of the proposal itself, or else its content. */
async function hadChange(
  workspace: Workspace,
  patch: PatchEntry,
  landed: Oid | undefined,
  at: Oid,
): Promise<boolean> {
  if (landed !== undefined) return isAncestor(workspace.repository, landed, at);
  const snapshot = new Snapshot(workspace.store, await workspace.store.treeOf(at));
  const path = personaPath(patch.persona_id);
  const read = readPersona(path, (await snapshot.text(path)) ?? '');
  return read.ok && patch.deltas.every((change) => deltaHolds(read.file.persona, change));
}

/** One decision a patch, whoever records it first: the id is computed from the patch. */
export function decisionContract(patchId: string, fields: PatchDecision): Contract {
  const id = derivedId(idTime(patchId), ['patch_decision', patchId]);
  return { id, kind: patchDecision, source: 'forge:local', fields: patchDecision.fields.parse(fields) };
}
