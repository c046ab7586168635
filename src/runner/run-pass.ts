import { hostname } from 'node:os';
import { faultPoint } from '../contracts/fault-point.ts';
import { newId } from '../contracts/ids.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { type Pass, pass as passKind } from '../contracts/pass.ts';
import type {
  Controller,
  PassContext,
  ProposalReport,
  RejectedContract,
  Step,
  StepReport,
} from '../ledger/controller.ts';
import { SETTLE_MS } from '../ledger/intake.ts';
import { recordAll } from '../ledger/record-all.ts';
import { steadyWorkspace } from './steady-workspace.ts';

export interface PassReport {
  readonly started_at: string;
  duration_ms: number;
  changed: boolean;
  accepted: Record<string, number>;
  unchanged: number;
  rejected: RejectedContract[];
  /** Files that may still be under somebody's pen. */
  settling: number;
  findings: number;
  proposals: ProposalReport[];
  /** It was told to stop and left something for the next pass. */
  interrupted: boolean;
  /** What went wrong in one controller does not stop the others. `controller` names them all: "proposals, board". */
  failures: { controller: string; code: string; message: string; hint?: string }[];
}

export interface PassOptions {
  readonly controllers: readonly Controller[];
  readonly signal?: AbortSignal;
  onStep?(step: Step): void;
}

/** More rounds than any chain of controllers needs. A busy inbox may fill them: then the next pass goes on. */
const MOST_ROUNDS = 12;

/** One reconcile of the whole workspace: every controller plans and applies until nothing is left to do. */
export async function runPass(outer: PassContext, options: PassOptions): Promise<PassReport> {
  const { workspace, lookAgain } = steadyWorkspace(outer.workspace);
  // A context of its own: what a pass may spend is counted by it.
  const context = { ...outer, workspace };
  const { clock } = workspace;
  const since = clock.monotonicMs();
  const report = emptyReport(clock.now());
  let waited = false;
  for (let round = 0; round < MOST_ROUNDS && !report.interrupted; round += 1) {
    report.settling = 0;
    lookAgain();
    // Without its ledger a workspace looks as if nobody had ever asked for anything: then nothing is tidied away.
    await workspace.log.tip();
    if (await runRound(context, options, report)) continue;
    // Files under somebody's pen are waited for once, when there is nothing else to do.
    if (report.settling === 0 || waited || isStopped(options, report)) break;
    await clock.sleep(SETTLE_MS, options.signal);
    waited = true;
  }
  report.duration_ms = Math.round(clock.monotonicMs() - since);
  if (report.changed) await recordPass(context, report);
  return report;
}

/** @returns whether anything has changed */
async function runRound(context: PassContext, options: PassOptions, report: PassReport): Promise<boolean> {
  let changed = false;
  for (const controller of options.controllers) {
    try {
      for await (const done of runSteps(context, options, report, controller)) changed ||= done.changed;
    } catch (error) {
      if (!(error instanceof MillwrightError) || !isLocal(error)) throw error;
      addFailure(report, controller.name, error);
    }
  }
  return changed;
}

/** A pass stops between two steps only: each of them is whole. */
async function* runSteps(
  context: PassContext,
  options: PassOptions,
  report: PassReport,
  controller: Controller,
): AsyncGenerator<StepReport> {
  if (isStopped(options, report)) return;
  for (const step of await controller.plan(context)) {
    if (isStopped(options, report)) return;
    if (step.changes) options.onStep?.(step);
    const done = await step.apply();
    await faultPoint(`pass:${controller.name}`);
    add(report, done);
    yield done;
  }
}

function isStopped(options: PassOptions, report: PassReport): boolean {
  report.interrupted ||= options.signal?.aborted === true;
  return report.interrupted;
}

/** A remote that is gone, or a full disk, concerns every controller: then the pass as a whole fails. */
function isLocal(error: MillwrightError): boolean {
  return !/^(remote-|disk-full|git-missing|locked|index-locked|lost-race|push-refused)/.test(error.code);
}

function add(report: PassReport, done: StepReport): void {
  report.changed ||= done.changed;
  for (const [kind, n] of Object.entries(done.accepted ?? {}))
    report.accepted[kind] = (report.accepted[kind] ?? 0) + n;
  report.unchanged += done.unchanged ?? 0;
  report.rejected.push(...(done.rejected ?? []));
  report.settling += done.settling ?? 0;
  report.findings += done.findings ?? 0;
  if (done.proposal !== undefined) addProposal(report, done.proposal);
}

/** The result of a pass is the last thing that happened to a proposal, not that it was left alone afterwards. */
function addProposal(report: PassReport, proposal: ProposalReport): void {
  const at = report.proposals.findIndex((earlier) => earlier.proposal_id === proposal.proposal_id);
  if (at === -1) report.proposals.push(proposal);
  else if (proposal.result !== 'unchanged') report.proposals[at] = proposal;
}

/** What several controllers stumble over is one failure: it is said once, with all of their names. */
function addFailure(report: PassReport, controller: string, { code, message, hint }: MillwrightError): void {
  const same = report.failures.find((failure) => failure.code === code && failure.message === message);
  if (same === undefined)
    report.failures.push({ controller, code, message, ...(hint === undefined ? {} : { hint }) });
  else if (!same.controller.split(', ').includes(controller))
    same.controller = `${same.controller}, ${controller}`;
}

async function recordPass(context: PassContext, report: PassReport): Promise<void> {
  const { workspace, index } = context;
  const id = newId(workspace.clock.now());
  const fields: Pass = {
    pass_id: id,
    runner: `${hostname()}:${process.pid}`,
    started_at: report.started_at,
    duration_ms: report.duration_ms,
    accepted: report.accepted,
    unchanged: report.unchanged,
    rejected: report.rejected.length,
    findings: report.findings,
    proposals: report.proposals.slice(0, 1_000),
    failures: report.failures.length,
  };
  const contract = { id, kind: passKind, source: 'runner', fields };
  await recordAll(workspace, index, { subject: 'Record a pass' }, async () => ({ contracts: [contract] }));
}

function emptyReport(startedAt: Date): PassReport {
  return {
    started_at: startedAt.toISOString(),
    duration_ms: 0,
    changed: false,
    accepted: {},
    unchanged: 0,
    rejected: [],
    settling: 0,
    findings: 0,
    proposals: [],
    interrupted: false,
    failures: [],
  };
}
