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
import type { DecisionEntry, FeedbackState, PatchEntry } from './feedback-state.ts';
import { personName } from './person-name.ts';

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
    contracts: [decisionContract(`forge:${forge.name}`, fields, state.latest.get(patch.id))],
  }));
  await faultPoint('proposal:decided');
  await tidyProposal(workspace, forge, planned.id, wordsOf(fields));
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

/**
 * One decision a patch, whoever records it first: the id is computed from the patch. Only a refusal that is taken
 * back has another after it, and so on: their ids are computed from the decision that they follow.
 * @param latest the latest decision on the patch, where there is one
 */
export function decisionContract(
  source: string,
  fields: PatchDecision,
  latest?: Pick<DecisionEntry, 'id' | 'decision'>,
): Contract {
  const { patch_id: patchId } = fields;
  const follows = fields.decision === 'reconsidered' || latest?.decision === 'reconsidered';
  const after = follows && latest !== undefined ? [latest.id] : [];
  const id = derivedId(idTime(patchId), ['patch_decision', patchId, ...after]);
  return { id, kind: patchDecision, source, fields: patchDecision.fields.parse(fields) };
}

/** The branch is gone by then, and without it a host opens nothing again. */
const WAY_BACK =
  'To take that back, restore its branch with the button here and then reopen it, or tick its box on the dashboard.';

/** What is said on the forge about a decided proposal. */
export function wordsOf({ decision, decided_by: by, reason, commit_hash: commit }: PatchDecision): string {
  if (decision === 'applied')
    return `Its change is in the base branch since ${commit ?? 'a merge'}, by ${personName(by)}.`;
  const said = reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`;
  return `Rejected by ${personName(by)}${said}. It is not offered again until its content changes. ${WAY_BACK}`;
}
