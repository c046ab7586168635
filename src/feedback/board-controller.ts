import { hasCode } from '../contracts/millwright-error.ts';
import type { BoardRow, ForgeProposal } from '../forge/forge.ts';
import { openForge } from '../forge/open-forge.ts';
import { branchRef } from '../forge/proposal-branch.ts';
import type { Controller, PassContext, ProposalReport, Step } from '../ledger/controller.ts';
import { type FeedbackState, openPatches, type PatchEntry, readFeedbackState } from './feedback-state.ts';
import { personName } from './person-name.ts';
import { proposalTitle } from './proposal-body.ts';
import { proposalController } from './proposal-controller.ts';
import { proposalId } from './proposal-id.ts';

/** Decisions that the board still shows; refusals among them can be taken back there. */
const DECISIONS_SHOWN = 15;

/**
 * Keeps the one page about all proposals, on a forge that has one. It is a projection: whatever it says is computed
 * anew in every pass, and a pass that changes nothing else is not recorded for it.
 * @param notes what people should know besides, in one line each
 */
export function boardController(notes: (context: PassContext) => Promise<string[]>): Controller {
  return { name: 'board', plan: (context) => planBoard(context, notes) };
}

async function planBoard(
  context: PassContext,
  notes: (context: PassContext) => Promise<string[]>,
): Promise<Step[]> {
  const { board } = await openForge(context);
  if (board === undefined) return [];
  const state = await readFeedbackState(context.workspace);
  const seen = await lookAtAll(context, state);
  if (isAboutToChange(seen, state)) return [];
  const rows = [...(await openRows(context, state, seen)), ...orphanRows(seen), ...decidedRows(state)];
  const said = [...seen.problems, ...(await notes(context))];
  return [
    {
      controller: 'board',
      summary: `show ${rows.length} proposals on the dashboard`,
      changes: false,
      apply: async () => {
        await board.show(rows, said);
        return { changed: false };
      },
    },
  ];
}

/** How the proposals stand, by id. */
interface Seen {
  readonly reports: ReadonlyMap<string, ProposalReport>;
  readonly pages: ReadonlyMap<string, ForgeProposal>;
  /** Why they could not be seen. */
  readonly problems: readonly string[];
}

/** A token that may see issues and no pull requests still shows what the ledger knows. */
async function lookAtAll(context: PassContext, state: FeedbackState): Promise<Seen> {
  try {
    const steps = await proposalController.plan(context);
    const forge = await openForge(context);
    const pages = await forge.list(openPatches(state).map(proposalId));
    return {
      reports: new Map(
        steps.flatMap(({ proposal }) => (proposal === undefined ? [] : [[proposal.proposal_id, proposal]])),
      ),
      pages: new Map(pages.map((page) => [page.id, page])),
      problems: [],
    };
  } catch (error) {
    if (!hasCode(error, 'github-forbidden')) throw error;
    return { reports: new Map(), pages: new Map(), problems: [error.message] };
  }
}

/** A decision that was seen in the middle of a round is recorded by the next one, which then shows it. */
function isAboutToChange({ reports }: Seen, state: FeedbackState): boolean {
  const results = openPatches(state).map((patch) => reports.get(proposalId(patch))?.result);
  return results.includes('rejected') || results.includes('merged');
}

async function openRows(
  { workspace }: PassContext,
  state: FeedbackState,
  { reports, pages }: Seen,
): Promise<BoardRow[]> {
  const open = openPatches(state);
  const heads = await workspace.refs.read(open.map((patch) => branchRef(proposalId(patch))));
  return open.map((patch) => {
    const id = proposalId(patch);
    const report = reports.get(id);
    const head = heads.get(branchRef(id));
    return {
      id,
      title: pages.get(id)?.title ?? proposalTitle(patch),
      result: report?.result ?? 'unknown',
      ...(report?.detail === undefined ? {} : { detail: report.detail }),
      ...(head === undefined ? {} : { head }),
    };
  });
}

function orphanRows({ reports, pages }: Seen): BoardRow[] {
  return [...reports.values()].flatMap(({ proposal_id: id, result, detail = '' }) =>
    result === 'orphaned' ? [{ id, title: pages.get(id)?.title ?? id, result, detail }] : [],
  );
}

function decidedRows(state: FeedbackState): BoardRow[] {
  const decided = state.patches.flatMap((patch) => {
    const decision = state.decisions.get(patch.id);
    return decision === undefined ? [] : [{ patch, decision }];
  });
  const newest = decided.sort((a, b) => (a.decision.decided_at < b.decision.decided_at ? 1 : -1));
  return newest
    .slice(0, DECISIONS_SHOWN)
    .map(({ patch, decision: { decision, decided_by: by, reason } }) => ({
      ...rowOf(patch),
      result: decision,
      detail: `by ${personName(by)}${reason === undefined ? '' : `: ${reason}`}`,
    }));
}

function rowOf(patch: PatchEntry): Pick<BoardRow, 'id' | 'title'> {
  return { id: proposalId(patch), title: proposalTitle(patch) };
}
