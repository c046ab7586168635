import { join, relative } from 'node:path';
import { ID_PATTERN } from '../../contracts/ids.ts';
import { showText } from '../../contracts/issue.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import { openTranscript, type Transcript } from '../../programs/transcript.ts';
import type { Assignment, AttemptContext } from './assignment.ts';
import type { Committed } from './commit-work.ts';
import { commitWork } from './commit-work.ts';
import { killRun } from './kill-run.ts';
import { type Ground, prepareGround } from './prepare-ground.ts';
import { publishBranch } from './publish-branch.ts';
import { type AgentRun, runAgent } from './run-agent.ts';
import { runSmokeTest } from './run-smoke-test.ts';
import { releaseWorktree } from './worktree.ts';

export interface FinishedAttempt {
  readonly result: 'finished';
  /** null when nothing was pushed; the reason says why. */
  readonly branch_name: string | null;
  readonly commit_hash: string | null;
  readonly files_pushed: readonly string[];
  readonly smoke_test_pass: boolean;
  readonly reason?: string;
  /** Path from the root of the workspace. */
  readonly transcript: string;
  readonly prompt_hash: string;
  readonly duration_seconds: number;
  readonly model?: string;
  readonly cost_usd?: number;
  readonly tokens?: number;
}

export type AttemptResult =
  | FinishedAttempt
  /** Told to stop, or the lease is lost: nothing was pushed. */
  | { readonly result: 'stopped'; readonly reason: string }
  /** Not the agent's fault: no work tree, no network, no such command, no prompt. */
  | { readonly result: 'broken'; readonly reason: string; readonly code?: string };

/**
 * Everything between a claim and its completion: a work tree, the prompt, the agent, the smoke test, the push.
 * Knows nothing of queues. Whatever happens, the work tree is given back and no process of it is left.
 */
export async function attemptSlot(context: AttemptContext, assignment: Assignment): Promise<AttemptResult> {
  try {
    assertSafe(assignment);
    return await attempt(context, assignment);
  } catch (error) {
    if (context.signal.aborted) return interrupted;
    if (!(error instanceof MillwrightError)) throw error;
    return { result: 'broken', reason: error.message, code: error.code };
  }
}

const interrupted: AttemptResult = { result: 'stopped', reason: 'interrupted' };

/** The id becomes a name of files. */
function assertSafe({ slotId, token }: Assignment): void {
  if (ID_PATTERN.test(slotId) && Number.isSafeInteger(token)) return;
  throw new MillwrightError('unsafe-path', `${showText(slotId)} with token ${token} cannot name a file`);
}

async function attempt(context: AttemptContext, assignment: Assignment): Promise<AttemptResult> {
  const { cache, clock, root } = context.workspace;
  const since = clock.monotonicMs();
  context.onPhase?.('worktree');
  const path = join(cache, 'work', 'transcripts', `${assignment.slotId}-${assignment.token}.log`);
  const transcript = await openTranscript(path);
  let ground: Ground | undefined;
  try {
    ground = await prepareGround(context, assignment);
    const outcome = await work(context, assignment, ground, transcript);
    if (outcome.result !== 'finished') return outcome;
    const duration = Math.round(clock.monotonicMs() - since) / 1_000;
    return { ...outcome, transcript: relative(root, path), duration_seconds: duration };
  } finally {
    if (ground !== undefined) await tidyUp(ground);
    await transcript.close();
  }
}

async function tidyUp({ child, worktree }: Ground): Promise<void> {
  killRun(child.run);
  await child.forget();
  await releaseWorktree(worktree);
}

type Outcome =
  | Omit<FinishedAttempt, 'transcript' | 'duration_seconds'>
  | Exclude<AttemptResult, FinishedAttempt>;

async function work(
  context: AttemptContext,
  assignment: Assignment,
  ground: Ground,
  transcript: Transcript,
): Promise<Outcome> {
  const run = await runAgent(context, assignment, ground, transcript);
  if (run.failure === 'abort') return interrupted;
  if (run.broke) return { result: 'broken', reason: run.failure ?? '', code: 'agent-failed' };
  if (run.failure !== undefined) return withoutWork(run, run.failure);
  const words = {
    subject: assignment.subject,
    trailers: { 'Millwright-Slot': assignment.slotId, 'Millwright-Token': String(assignment.token) },
  };
  const committed = await commitWork(ground.mirror, ground.worktree, words, context.agent.ignore);
  if (committed.result === 'nothing-changed') return withoutWork(run, 'the agent changed nothing');
  const problem = await runSmokeTest(context, assignment, ground, transcript);
  if (context.signal.aborted) return interrupted;
  if (assignment.publishes === false) return withoutWork(run, problem);
  return publish(context, assignment, ground, run, committed, problem);
}

async function publish(
  context: AttemptContext,
  { branch }: Assignment,
  ground: Ground,
  run: AgentRun,
  { commit, files }: Extract<Committed, { result: 'committed' }>,
  problem: string | undefined,
): Promise<Outcome> {
  context.onPhase?.('push', branch);
  const stillHeld = async () => (await context.stillHeld()) && !context.signal.aborted;
  const published = await publishBranch(ground, { branch, commit, stillHeld });
  switch (published.result) {
    case 'not-held':
      return context.signal.aborted ? interrupted : { result: 'stopped', reason: 'lease lost' };
    case 'moved':
      return { result: 'broken', reason: `${branch} was moved by somebody else, time and again` };
    case 'secret':
      return withoutWork(
        run,
        `${published.path} holds what looks like ${published.label}; nothing was pushed`,
      );
    case 'pushed':
      return {
        result: 'finished',
        branch_name: branch,
        commit_hash: commit,
        files_pushed: files,
        smoke_test_pass: problem === undefined,
        ...(problem === undefined ? {} : { reason: problem }),
        prompt_hash: run.promptHash,
        ...run.report,
      };
  }
}

/** @param reason why nothing is to be had; absent where it passed and nobody wanted it */
function withoutWork(run: AgentRun, reason?: string): Outcome {
  return {
    result: 'finished',
    branch_name: null,
    commit_hash: null,
    files_pushed: [],
    smoke_test_pass: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    prompt_hash: run.promptHash,
    ...run.report,
  };
}
