import { faultPoint } from '../contracts/fault-point.ts';
import { derivedId, idTime } from '../contracts/ids.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { type PatchDecision, patchDecision } from '../contracts/patch.ts';
import type { Contract } from '../contracts/record.ts';
import type { Forge, ForgeProposal, ProposalDraft } from '../forge/forge.ts';
import { localForge } from '../forge/local-forge.ts';
import { deleteHead, lastChange, readHead } from '../forge/proposal-branch.ts';
import { type PlannedProposal, planWantedProposal } from '../forge/reconcile-proposal.ts';
import type { Controller, PassContext, Step } from '../ledger/controller.ts';
import { recordAll } from '../ledger/record-all.ts';
import { applyDeltas, deltaHolds } from '../personas/apply-deltas.ts';
import type { PersonaFile } from '../personas/read-persona.ts';
import { type FeedbackState, openPatches, type PatchEntry, readFeedbackState } from './feedback-state.ts';
import { proposalBody, proposalTitle } from './proposal-body.ts';
import { proposalId } from './proposal-id.ts';

/** Keeps one proposal for each open patch, and records what people decide. */
export const proposalController: Controller = {
  name: 'proposals',
  plan: async (context) => {
    const state = await readFeedbackState(context.workspace);
    const forge = localForge(context.workspace);
    const known = await forge.list();
    const steps: Step[] = [];
    for (const patch of openPatches(state)) steps.push(await planPatch(context, forge, known, state, patch));
    return [...steps, ...leftovers(context, forge, known, state)];
  },
};

async function planPatch(
  context: PassContext,
  forge: Forge,
  known: readonly ForgeProposal[],
  state: FeedbackState,
  patch: PatchEntry,
): Promise<Step> {
  const id = proposalId(patch);
  const file = state.roster.flatMap((read) =>
    read.ok && read.file.persona.id === patch.persona_id ? [read.file] : [],
  )[0];
  const inBase = file !== undefined && patch.deltas.every((change) => deltaHolds(file.persona, change));
  const draft = file === undefined || inBase ? undefined : tryDraft(id, file, patch);
  const planned = await planWantedProposal(context.workspace, forge, known, {
    id,
    base: state.base ?? '',
    inBase,
    draft,
  });
  const decided = planned.result === 'merged' || planned.result === 'rejected';
  const { result, reason } = planned;
  const changes = decided || result === 'opened' || result === 'updated';
  const proposal = { proposal_id: id, result, ...(reason === undefined ? {} : { detail: reason }) };
  return {
    controller: 'proposals',
    summary: `proposal ${id}: ${result}${reason === undefined ? '' : ` (${reason})`}`,
    changes,
    proposal,
    apply: async () => {
      if (decided) await recordDecision(context, forge, patch, planned, state);
      else await planned.apply();
      return { changed: changes, proposal };
    },
  };
}

/** The file as it would be, on the present base; undefined when the change cannot be made there any more. */
function tryDraft(id: string, file: PersonaFile, patch: PatchEntry): ProposalDraft | undefined {
  try {
    const after = applyDeltas(file, patch.deltas);
    return {
      id,
      title: proposalTitle(patch),
      body: proposalBody(patch),
      files: [{ path: file.path, content: after.text }],
    };
  } catch (error) {
    if (error instanceof MillwrightError) return undefined;
    throw error;
  }
}

/**
 * The record first: a pass that dies after it finds the decision and only tidies up. The page last: while it
 * is there, the next pass knows that there may be a branch to take away.
 */
async function recordDecision(
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
  if (planned.head !== null) await deleteHead(workspace, planned.id, planned.head);
  await forge.settle(planned.id);
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
      decided_by: 'a person',
      reason: planned.reason ?? 'closed without a reason',
    };
  const { commit, by } = await lastChange(
    context.workspace,
    state.base ?? '',
    `personas/${patch.persona_id}.yaml`,
  );
  return { ...common, decision: 'applied', decided_by: by, commit_hash: commit };
}

/** One decision a patch, whoever records it first: the id is computed from the patch. */
export function decisionContract(patchId: string, fields: PatchDecision): Contract {
  const id = derivedId(idTime(patchId), ['patch_decision', patchId]);
  return { id, kind: patchDecision, source: 'forge:local', fields: patchDecision.fields.parse(fields) };
}

/** Pages whose patch is decided already: a pass that died between the record and the tidying up. */
function leftovers(
  context: PassContext,
  forge: Forge,
  known: readonly ForgeProposal[],
  state: FeedbackState,
): Step[] {
  const decided = new Set(state.patches.filter((patch) => state.decisions.has(patch.id)).map(proposalId));
  const open = new Set(openPatches(state).map(proposalId));
  return known
    .filter(({ id }) => decided.has(id) && !open.has(id))
    .map(({ id }) => ({
      controller: 'proposals',
      summary: `proposal ${id}: take its page away, it is decided`,
      changes: true,
      apply: async () => {
        const head = await readHead(context.workspace, id);
        if (head !== null) await deleteHead(context.workspace, id, head);
        await forge.settle(id);
        return { changed: true };
      },
    }));
}
