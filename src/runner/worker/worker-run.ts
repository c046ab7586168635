import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { SlotResult } from '../../contracts/work.ts';
import type { Held } from '../../queue/held.ts';
import { cancelHeld, completeHeld, type HoldAnswer, releaseHeld } from '../../queue/hold.ts';
import { keepLateResult } from '../../queue/keep-late.ts';
import type { Queue } from '../../queue/queue.ts';
import { type Assigned, assignSlot } from './assign-slot.ts';
import { type AttemptResult, attemptSlot } from './attempt-slot.ts';
import type { AgentCommand } from './read-preset.ts';
import { type ReplayTerms, replayTerms } from './replay-terms.ts';
import type { WorkerEvent } from './worker-event.ts';

/** One claimed slot while it is worked on. */
export interface WorkerRun {
  held: Held;
  /** Why the attempt is to end; the first word counts. */
  readonly stop: AbortController;
  ending: 'lost' | 'cancelled' | 'drained' | undefined;
  /** A renewal that is under way: the claim is not changed by two at once. */
  renewal: Promise<void> | undefined;
  /** Renews now and says whether the claim is still ours. */
  stillHeld(): Promise<boolean>;
}

export interface RunContext {
  readonly queue: Queue;
  readonly agent: AgentCommand;
  /** Called before the slot is given back because this worker could not work on it. */
  onBroken(reason: string, code: string | undefined): void;
  /** Called when an attempt came to a result. */
  onFinished(): void;
  say(event: Omit<WorkerEvent, 'at' | 'worker_id'>): void;
}

/** Works on a claimed slot and tells the queue what became of it. Throws nothing that the queue can be told. */
export async function workOn(context: RunContext, run: WorkerRun): Promise<void> {
  const { slot_id } = run.held.slot;
  const facts = { slot_id, token: run.held.claim.token };
  const { workspace } = context.queue;
  let assigned: Assigned | undefined;
  let terms: ReplayTerms = { agent: context.agent };
  const attempt = async (): Promise<AttemptResult> => {
    terms = replayTerms(workspace.settings, run.held.slot) ?? terms;
    assigned = await assignSlot(workspace, run.held);
    return attemptSlot(
      {
        workspace,
        agent: terms.agent,
        signal: run.stop.signal,
        onPhase: (phase, detail) =>
          context.say({ event: 'phase', ...facts, phase, ...(detail === undefined ? {} : { detail }) }),
        stillHeld: run.stillHeld,
      },
      { ...assigned.assignment, ...terms.assignment },
    );
  };
  const result = await attempt().catch(brokenBy);
  await run.renewal;
  await conclude({ ...context, agent: terms.agent }, run, result, assigned);
}

function brokenBy(error: unknown): AttemptResult {
  const reason = error instanceof Error ? error.message : String(error);
  return { result: 'broken', reason, ...(error instanceof MillwrightError ? { code: error.code } : {}) };
}

/** Faults of the set-up or the network: no attempt of the slot, whoever makes it, can be blamed for them. */
const notTheSlots =
  /^(?:prompt-missing|bad-prompt|no-replay-agent|unknown-persona|bad-persona|command-not-found|no-base-branch|disk-full|git-missing|locked|push-refused|remote-.*)$/;

async function conclude(
  context: RunContext,
  run: WorkerRun,
  result: AttemptResult,
  assigned: Assigned | undefined,
): Promise<void> {
  const { slot_id } = run.held.slot;
  const facts = { slot_id, token: run.held.claim.token };
  if (run.ending === 'lost' && result.result !== 'finished') {
    context.say({ event: 'lost', ...facts, detail: 'the claim ran out or was given to another' });
    return;
  }
  if (result.result === 'finished') {
    context.onFinished();
    return finish(context, run, toSlotResult(result, context.agent, assigned));
  }
  if (result.result === 'broken') context.onBroken(result.reason, result.code);
  const cancelled = run.ending === 'cancelled';
  const answer = await untilAnswered(context, run, () =>
    cancelled
      ? cancelHeld(context.queue, run.held, 'the item was cancelled')
      : releaseHeld(context.queue, run.held, result.reason.slice(0, 1_000), countsAsFailed(result)),
  );
  const state = answer.result === 'ended' ? answer.claim.state : 'lost';
  const event = state === 'cancelled' || state === 'dead' || state === 'released' ? state : 'lost';
  context.say({ event, ...facts, detail: result.reason });
}

function countsAsFailed(result: AttemptResult): boolean {
  return result.result === 'broken' && !notTheSlots.test(result.code ?? '');
}

async function finish(context: RunContext, run: WorkerRun, result: SlotResult): Promise<void> {
  const { slot, claim } = run.held;
  const facts = { slot_id: slot.slot_id, token: claim.token };
  const answer = await untilAnswered(context, run, () => completeHeld(context.queue, run.held, result));
  if (answer.result === 'ended') {
    const { branch_name, commit_hash, reason: detail } = result;
    context.say({
      event: result.smoke_test_pass ? 'shipped' : 'failed',
      ...facts,
      ...(branch_name === undefined ? {} : { branch_name }),
      ...(commit_hash === undefined ? {} : { commit_hash }),
      ...(detail === undefined ? {} : { detail }),
    });
    return;
  }
  const detail = await keepLateResult(context.queue, claim, result).catch(
    (error: unknown) => `the late result could not be kept: ${String(error)}`,
  );
  context.say({ event: 'late', ...facts, detail });
}

/**
 * Asks again while nobody knows and the lease lasts. A claim that turns out to be renewed meanwhile is taken as
 * it is now, and the step is tried on that.
 */
async function untilAnswered(
  { queue, say }: RunContext,
  run: WorkerRun,
  step: () => Promise<HoldAnswer>,
): Promise<HoldAnswer> {
  const { clock } = queue.workspace;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await step();
    if (answer.result === 'held') run.held = answer.held;
    else if (answer.result !== 'unknown') return answer;
    else {
      const detail = answer.error instanceof Error ? answer.error.message : 'no answer';
      say({ event: 'trouble', slot_id: run.held.slot.slot_id, detail });
      // Past the lease others may have it, and a swap still tells: the last try is made then.
      if (clock.monotonicMs() > run.held.untilMs + LAST_TRIES_MS) return answer;
      await clock.sleep(Math.min(500 * 2 ** attempt, 10_000));
    }
  }
}

/** A result is worth waiting for: so long after the lease it is still offered. */
const LAST_TRIES_MS = 60_000;

function toSlotResult(
  finished: Extract<AttemptResult, { result: 'finished' }>,
  agent: AgentCommand,
  assigned: Assigned | undefined,
): SlotResult {
  const { result: _kind, branch_name, commit_hash, files_pushed, reason, model, ...facts } = finished;
  // What an agent was not told, it has not used.
  const told = agent.command.some((word) => word.includes('{model}')) ? assigned?.model : undefined;
  const used = model ?? told;
  return {
    ...facts,
    files_pushed: files_pushed.slice(0, 3_000),
    ...(branch_name === null ? {} : { branch_name }),
    ...(commit_hash === null ? {} : { commit_hash }),
    ...(reason === undefined ? {} : { reason: reason.slice(0, 1_000) }),
    ...(used === undefined ? {} : { model: used }),
    ...(assigned === undefined ? {} : { persona_version: assigned.personaVersion }),
  };
}
