import { MillwrightError } from '../contracts/millwright-error.ts';
import type { BoardOrders, Forge, ForgeProposal } from '../forge/forge.ts';
import { lookAtProposals, type ProposalSight } from '../forge/look-at-proposals.ts';
import { openForge } from '../forge/open-forge.ts';
import { branchRef, isUntouched, readHead } from '../forge/proposal-branch.ts';
import { planWantedProposal } from '../forge/reconcile-proposal.ts';
import { tidyProposal } from '../forge/tidy-proposal.ts';
import type { Controller, PassContext, Step } from '../ledger/controller.ts';
import { deltaHolds } from '../personas/apply-deltas.ts';
import type { PersonaFile } from '../personas/read-persona.ts';
import { draftProposal, type Offer } from './draft-proposal.ts';
import {
  type FeedbackState,
  type HoldingDecision,
  openPatches,
  type PatchEntry,
  readFeedbackState,
} from './feedback-state.ts';
import { readGate } from './gate/read-gate.ts';
import { orphanedProposals } from './orphaned-proposals.ts';
import { proposalId } from './proposal-id.ts';
import type { LedgerTip } from './proposal-links.ts';
import { reconsiderPatch } from './reconsider-patch.ts';
import { recordDecision, wordsOf } from './record-decision.ts';
import { showProposal } from './show-proposal.ts';
import { standingStep } from './standing-step.ts';
import { whyStuck } from './why-stuck.ts';

/**
 * Keeps one proposal for each open patch, and records what people decide. A patch whose test is under way is not
 * offered yet: its result is `testing`.
 */
export const proposalController: Controller = {
  name: 'proposals',
  plan: async (context) => {
    const state = await readFeedbackState(context.workspace);
    const forge = await openForge(context);
    const ids = openPatches(state).map(proposalId);
    const known = await forge.list(ids);
    const orders = await readOrders(context, forge);
    const gate = await readGate(context.workspace, state, new Set(known.map(({ id }) => id)));
    const branches = await lookAtProposals(context.workspace, known, ids, state.base);
    const sight = { context, forge, branches, orders, state, ledger: ledgerOf(context) };
    const steps: Step[] = [];
    for (const patch of openPatches(state)) {
      const opening = steps.filter(({ proposal }) => proposal?.result === 'opened').length;
      const progress = gate.testing.get(patch.id);
      const offer = { patch, test: gate.tests.get(patch.id) };
      steps.push(
        progress === undefined
          ? await planPatch(sight, offer, opening)
          : standingStep(proposalId(patch), 'testing', progress),
      );
    }
    return [...steps, ...(await decidedSteps(sight)), ...orphanedProposals(forge, known, idsOfAll(state))];
  },
};

function idsOfAll({ patches }: FeedbackState): Set<string> {
  return new Set(patches.map(proposalId));
}

/** A board that does not answer takes no orders; the proposals go on without it. */
async function readOrders({ workspace }: PassContext, { board }: Forge): Promise<BoardOrders> {
  try {
    return (await board?.orders()) ?? NO_ORDERS;
  } catch (error) {
    if (!(error instanceof MillwrightError) || !error.code.startsWith('github-')) throw error;
    const words = `the orders on the dashboard could not be read: ${error.message}`;
    if (!workspace.warnings.includes(words)) workspace.warnings.push(words);
    return NO_ORDERS;
  }
}

const NO_ORDERS: BoardOrders = { open: [], remake: [], reconsider: [] };

/** What is known when a pass looks at the proposals. */
interface Sight {
  readonly context: PassContext;
  readonly forge: Forge;
  readonly branches: ProposalSight;
  readonly orders: BoardOrders;
  readonly state: FeedbackState;
  /** The tip of the ledger as the first proposal that is shown finds it: the others show the same. */
  ledger(): Promise<LedgerTip | undefined>;
}

function ledgerOf({ workspace }: PassContext): Sight['ledger'] {
  let tip: ReturnType<Sight['ledger']> | undefined;
  const read = async () => {
    const { commit, snapshot } = await workspace.log.tip();
    return commit === null ? undefined : { commit, snapshot };
  };
  return () => {
    tip ??= read();
    return tip;
  };
}

async function planPatch(
  { context, forge, branches, orders, state, ledger }: Sight,
  offer: Offer,
  opening: number,
): Promise<Step> {
  const { patch } = offer;
  const id = proposalId(patch);
  const page = branches.known.find((known) => known.id === id);
  const file = personaFile(state, patch);
  const inBase = file !== undefined && isIn(file, patch);
  const draft = file === undefined || inBase ? undefined : draftProposal(file, offer);
  const shown = async () =>
    file === undefined ? undefined : showProposal(file, offer, { forge, ledger: await ledger() });
  const wanted = { id, base: state.base ?? '', inBase, draft, shown, order: orderFor(id, orders) };
  const planned = await planWantedProposal(context.workspace, forge, branches, wanted, opening);
  if (planned.result === 'rejected' && page?.closedByBot === true)
    return closedByBot(forge, page, orders.open.includes(id));
  const decided = planned.result === 'merged' || planned.result === 'rejected';
  const { result } = planned;
  const reason = result === 'stuck' ? whyStuck(state.roster, patch) : planned.reason;
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

/** A program such as one that closes what is old speaks for nobody. */
function closedByBot(forge: Forge, { id, closedBy = 'a program' }: ForgeProposal, isOrdered: boolean): Step {
  const words = `${closedBy} closed it, which is nobody's answer. It is opened anew, as ordered on the dashboard.`;
  return {
    ...standingStep(id, 'closed-by-bot', `${closedBy} closed it, and no person did`),
    changes: isOrdered,
    apply: async () => {
      if (isOrdered) await forge.settle(id, words);
      return { changed: isOrdered, proposal: { proposal_id: id, result: 'closed-by-bot' } };
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

function personaFile({ roster }: FeedbackState, { persona_id: id }: PatchEntry): PersonaFile | undefined {
  return roster.flatMap((read) => (read.ok && read.file.persona.id === id ? [read.file] : []))[0];
}

function isIn({ persona }: PersonaFile, { deltas }: PatchEntry): boolean {
  return deltas.every((change) => deltaHolds(persona, change));
}

/**
 * What there is to do about patches that are decided: a refusal that a person takes back, a page or a branch that is
 * still there.
 */
async function decidedSteps(sight: Sight): Promise<Step[]> {
  const { context, forge, state } = sight;
  const { known } = sight.branches;
  const open = new Set(openPatches(state).map(proposalId));
  const decided = state.patches.filter((patch) => !open.has(proposalId(patch)));
  const left = await leftBranches(context, decided.map(proposalId));
  return decided.flatMap((patch) => {
    const decision = state.decisions.get(patch.id);
    const id = proposalId(patch);
    if (decision === undefined) return [];
    const back = decision.decision === 'rejected' ? whyTakenBack(sight, patch, id) : undefined;
    if (back !== undefined) return [reconsiderPatch(context, forge, patch, decision, back)];
    const hasPage = known.some((page) => page.id === id);
    return hasPage || left.has(id) ? [takeAway(context, forge, id, decision, hasPage)] : [];
  });
}

/** People open it again and merge it between two passes, too: then the base is the first that says so. */
function whyTakenBack({ branches, orders, state }: Sight, patch: PatchEntry, id: string): string | undefined {
  const file = personaFile(state, patch);
  if (file !== undefined && isIn(file, patch)) return 'because the base branch has its change now';
  if (branches.known.some((page) => page.id === id && page.reopened === true))
    return 'because it was opened again on the forge';
  return orders.reconsider.includes(id) ? 'as ordered on the dashboard' : undefined;
}

/** Branches that a pass was about to delete when it died. Those with the work of others are theirs, and stay. */
async function leftBranches({ workspace }: PassContext, ids: readonly string[]): Promise<Set<string>> {
  // Without a remote a decided proposal keeps its page until all of it is done, and a branch may be checked out.
  if (workspace.remote === undefined || ids.length === 0) return new Set();
  const heads = await workspace.refs.look([branchRef('millwright/')]);
  const left = new Set<string>();
  for (const id of ids) {
    const head = heads.has(branchRef(id)) ? await readHead(workspace, id) : null;
    if (head !== null && (await isUntouched(workspace, head, id))) left.add(id);
  }
  return left;
}

/** A pass died between the record and the tidying up. It has told nobody what became of the proposal, so this one does. */
function takeAway(
  { workspace }: PassContext,
  forge: Forge,
  id: string,
  decision: HoldingDecision,
  hasPage: boolean,
): Step {
  const result = decision.decision === 'applied' ? 'merged' : 'rejected';
  const proposal = { proposal_id: id, result };
  return {
    controller: 'proposals',
    summary: `proposal ${id}: take it away, it is ${result}`,
    changes: true,
    proposal,
    apply: async () => {
      await tidyProposal(workspace, forge, id, wordsOf(decision));
      // A server that lets nobody delete a branch is asked again by the next pass, not by this one.
      return { changed: hasPage || (await readHead(workspace, id)) === null, proposal };
    },
  };
}
