import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { PassContext, ProposalReport } from '../../ledger/controller.ts';
import type { LoopDone } from '../../runner/loop/run-loop.ts';
import type { Status } from '../../runner/read-status.ts';
import type { PassReport } from '../../runner/run-pass.ts';
import type { Io } from '../command.ts';
import { annotate } from './annotate.ts';
import { appendSummary } from './append-summary.ts';
import { committedPage } from './committed-page.ts';
import { onActions } from './on-actions.ts';
import { type PassFacts, passSummary } from './pass-summary.ts';
import { rejectionWords } from './rejection-words.ts';
import { webLinks } from './web-links.ts';

/** What people should know besides; read before the pass, which may set right what it is about. */
export async function notesOnActions(context: PassContext, io: Io): Promise<string[]> {
  if (!onActions(io)) return [];
  const { boardNotes } = await import('../../runner/doctor/board-notes.ts');
  const notes = await boardNotes(context).catch(unread);
  for (const message of notes) annotate(io, { severity: 'warning', title: 'Schedules', message });
  return notes;
}

/** What cannot be read now fails in the pass as well, with better words. */
function unread(error: unknown): string[] {
  if (error instanceof MillwrightError) return [];
  throw error;
}

export interface Around {
  /** From before the pass. */
  readonly notes: readonly string[];
  /** Where the pass was one turn of the loop. */
  readonly loop?: LoopDone;
}

/** Shows a pass on the page of its run: an annotation for each refused contract, and the summary. */
export async function showPass(
  context: PassContext,
  io: Io,
  report: PassReport,
  { notes, loop }: Around,
): Promise<void> {
  if (!onActions(io)) return;
  annotatePass(io, report);
  if ((io.env.GITHUB_STEP_SUMMARY ?? '') === '') return;
  const { workspace } = context;
  const markdown = passSummary({
    report,
    ...(loop === undefined ? {} : { loop }),
    status: await statusAfter(context, report),
    ...(await requestsOf(context)),
    warnings: [...new Set([...notes, ...workspace.warnings])],
    links: webLinks(io),
    pulls: workspace.settings.forge === 'github',
  });
  await appendSummary(io, markdown);
}

/** The failures first: GitHub shows no more than ten of a step. */
function annotatePass(io: Io, { failures, rejected }: PassReport): void {
  for (const { controller, message, hint } of failures)
    annotate(io, {
      severity: 'error',
      title: `${controller} failed`,
      message: hint === undefined ? message : `${message}\nhint: ${hint}`,
    });
  for (const one of rejected)
    annotate(io, {
      path: one.path,
      ...(one.line === undefined ? {} : { line: one.line }),
      severity: 'error',
      title: 'Contract rejected',
      message: [rejectionWords(one), ...pageLine(one)].join('\n'),
    });
}

function pageLine(one: PassReport['rejected'][number]): string[] {
  const page = committedPage(one);
  return page === undefined ? [] : [`see ${page}`];
}

/** Only a forge with an API has requests to count. */
async function requestsOf({ workspace }: PassContext): Promise<Pick<PassFacts, 'requests'>> {
  if (workspace.settings.forge !== 'github') return {};
  const { readRequests } = await import('../../runner/doctor/read-requests.ts');
  return { requests: await readRequests(workspace) };
}

/** The pass knows its proposals already. What cannot be read now is no reason to fail after a pass. */
async function statusAfter(context: PassContext, report: PassReport): Promise<Status | undefined> {
  const { readStatus } = await import('../../runner/read-status.ts');
  const proposals = report.proposals.flatMap(standing);
  const known = { proposals: { proposals, forge_problem: null } };
  return readStatus(context, known).catch((error: unknown) => {
    if (error instanceof MillwrightError) return undefined;
    throw error;
  });
}

/** What was opened or updated waits for a reviewer now; what was decided waits for nobody. */
function standing(proposal: ProposalReport): ProposalReport[] {
  if (proposal.result === 'merged' || proposal.result === 'rejected') return [];
  const isFresh = proposal.result === 'opened' || proposal.result === 'updated';
  return [isFresh ? { ...proposal, result: 'unchanged' } : proposal];
}
