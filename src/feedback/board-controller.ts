import type { BoardRow } from '../forge/forge.ts';
import { openForge } from '../forge/open-forge.ts';
import { branchRef } from '../forge/proposal-branch.ts';
import type { Controller, PassContext, Step } from '../ledger/controller.ts';
import { type FeedbackState, openPatches, type PatchEntry, readFeedbackState } from './feedback-state.ts';
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
  const rows = [...(await openRows(context, state)), ...decidedRows(state)];
  const said = await notes(context);
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

async function openRows(context: PassContext, state: FeedbackState): Promise<BoardRow[]> {
  const reports = new Map(
    (await proposalController.plan(context)).map(({ proposal }) => [proposal?.proposal_id, proposal]),
  );
  const open = openPatches(state);
  const heads = await context.workspace.refs.read(open.map((patch) => branchRef(proposalId(patch))));
  return open.map((patch) => {
    const report = reports.get(proposalId(patch));
    const head = heads.get(branchRef(proposalId(patch)));
    return {
      ...rowOf(patch),
      result: report?.result ?? 'unknown',
      ...(report?.detail === undefined ? {} : { detail: report.detail }),
      ...(head === undefined ? {} : { head }),
    };
  });
}

function decidedRows(state: FeedbackState): BoardRow[] {
  const decided = state.patches.flatMap((patch) => {
    const decision = state.decisions.get(patch.id);
    return decision === undefined ? [] : [{ patch, decision }];
  });
  const newest = decided.sort((a, b) => (a.decision.decided_at < b.decision.decided_at ? 1 : -1));
  return newest.slice(0, DECISIONS_SHOWN).map(({ patch, decision }) => ({
    ...rowOf(patch),
    result: decision.decision,
    detail: `by ${decision.decided_by}${decision.reason === undefined ? '' : `: ${decision.reason}`}`,
  }));
}

function rowOf(patch: PatchEntry): Pick<BoardRow, 'id' | 'title'> {
  return { id: proposalId(patch), title: proposalTitle(patch) };
}
