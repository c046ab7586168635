import type { BoardOrders, Forge, ForgeProposal } from '../forge/forge.ts';
import { openForge } from '../forge/open-forge.ts';
import { planWantedProposal } from '../forge/reconcile-proposal.ts';
import { tidyProposal } from '../forge/tidy-proposal.ts';
import type { Controller, PassContext, Step } from '../ledger/controller.ts';
import { deltaHolds } from '../personas/apply-deltas.ts';
import { draftProposal, type Offer } from './draft-proposal.ts';
import { type FeedbackState, openPatches, type PatchEntry, readFeedbackState } from './feedback-state.ts';
import { readGate } from './gate/read-gate.ts';
import { proposalId } from './proposal-id.ts';
import { reconsiderPatch } from './reconsider-patch.ts';
import { recordDecision, wordsOf } from './record-decision.ts';

/**
 * Keeps one proposal for each open patch, and records what people decide. A patch whose test is under way is not
 * offered yet: its result is `testing`.
 */
export const proposalController: Controller = {
  name: 'proposals',
  plan: async (context) => {
    const state = await readFeedbackState(context.workspace);
    const forge = await openForge(context);
    const known = await forge.list(openPatches(state).map(proposalId));
    const orders = (await forge.board?.orders()) ?? NO_ORDERS;
    const gate = await readGate(context.workspace, state, new Set(known.map(({ id }) => id)));
    const steps: Step[] = [];
    for (const patch of openPatches(state)) {
      const opening = steps.filter(({ proposal }) => proposal?.result === 'opened').length;
      const progress = gate.testing.get(patch.id);
      const offer = { patch, test: gate.tests.get(patch.id) };
      steps.push(
        progress === undefined
          ? await planPatch({ context, forge, known, orders, state }, offer, opening)
          : testing(patch, progress),
      );
    }
    return [...steps, ...decidedSteps({ context, forge, known, orders, state })];
  },
};

const NO_ORDERS: BoardOrders = { open: [], remake: [], reconsider: [] };

/** What is known when a pass looks at the proposals. */
interface Sight {
  readonly context: PassContext;
  readonly forge: Forge;
  readonly known: readonly ForgeProposal[];
  readonly orders: BoardOrders;
  readonly state: FeedbackState;
}

function testing(patch: PatchEntry, detail: string): Step {
  const id = proposalId(patch);
  const proposal = { proposal_id: id, result: 'testing', detail };
  return {
    controller: 'proposals',
    summary: `proposal ${id}: testing (${detail})`,
    changes: false,
    proposal,
    apply: async () => ({ changed: false, proposal }),
  };
}

async function planPatch(
  { context, forge, known, orders, state }: Sight,
  offer: Offer,
  opening: number,
): Promise<Step> {
  const { patch } = offer;
  const id = proposalId(patch);
  const file = state.roster.flatMap((read) =>
    read.ok && read.file.persona.id === patch.persona_id ? [read.file] : [],
  )[0];
  const inBase = file !== undefined && patch.deltas.every((change) => deltaHolds(file.persona, change));
  const draft = file === undefined || inBase ? undefined : draftProposal(file, offer);
  const wanted = { id, base: state.base ?? '', inBase, draft, order: orderFor(id, orders) };
  const planned = await planWantedProposal(context.workspace, forge, known, wanted, opening);
  const decided = planned.result === 'merged' || planned.result === 'rejected';
  const { result, reason } = planned;
  const changes = decided || result === 'opened' || result === 'updated';
  const proposal = { proposal_id: id, result, ...(reason === undefined ? {} : { detail: line(reason) }) };
  return {
    controller: 'proposals',
    summary: `proposal ${id}: ${result}${reason === undefined ? '' : ` (${line(reason)})`}`,
    changes,
    proposal,
    apply: async () => {
      if (decided) await recordDecision(context, forge, patch, planned, state);
      else await planned.apply();
      return { changed: changes, proposal };
    },
  };
}

function orderFor(id: string, { open, remake }: BoardOrders) {
  return { open: open.includes(id), remake: remake.find((order) => order.id === id)?.head };
}

/** The first line of what a person wrote, short enough for a report. */
function line(reason: string): string {
  return (reason.split('\n')[0] ?? '').slice(0, 500);
}

/** What there is to do about patches that are decided: a refusal that a person takes back, a page that is still there. */
function decidedSteps({ context, forge, known, orders, state }: Sight): Step[] {
  const open = new Set(openPatches(state).map(proposalId));
  return state.patches.flatMap((patch) => {
    const decision = state.decisions.get(patch.id);
    const id = proposalId(patch);
    const page = known.find((other) => other.id === id);
    if (decision === undefined || open.has(id)) return [];
    if (decision.decision === 'rejected' && page?.reopened === true)
      return [reconsiderPatch(context, forge, patch, decision, 'because it was opened again on the forge')];
    if (decision.decision === 'rejected' && orders.reconsider.includes(id))
      return [reconsiderPatch(context, forge, patch, decision, 'as ordered on the dashboard')];
    return page === undefined ? [] : [takePageAway(context, forge, id, wordsOf(decision))];
  });
}

/** A pass died between the record and the tidying up. */
function takePageAway({ workspace }: PassContext, forge: Forge, id: string, words: string): Step {
  return {
    controller: 'proposals',
    summary: `proposal ${id}: take its page away, it is decided`,
    changes: true,
    apply: async () => {
      await tidyProposal(workspace, forge, id, words);
      return { changed: true };
    },
  };
}
