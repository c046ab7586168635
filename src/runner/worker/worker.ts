import { faultPoint } from '../../contracts/fault-point.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { newWorkerId, workerIdentity } from '../../queue/claim-for-command.ts';
import { Claimer } from '../../queue/claimer.ts';
import type { Held } from '../../queue/held.ts';
import { renewHeld } from '../../queue/hold.ts';
import { openQueue, type Queue } from '../../queue/queue.ts';
import type { WorkerIdentity } from '../../queue/slot-machine.ts';
import { cleanOrphans } from './clean-orphans.ts';
import { CoolDown } from './cool-down.ts';
import type { AgentCommand } from './read-preset.ts';
import { renewalsDue, untilDue } from './renewals.ts';
import type { WorkerEvent } from './worker-event.ts';
import { type RunContext, type WorkerRun, workOn } from './worker-run.ts';

export interface WorkerOptions {
  readonly workspace: Workspace;
  readonly agent: AgentCommand;
  /** How many slots are worked on at the same time. */
  readonly concurrency: number;
  /** True: stop when nothing can be claimed any more. */
  readonly once: boolean;
  readonly kinds?: ReadonlySet<string>;
  /** Seconds between two looks for work when there was none. */
  readonly pollSeconds: number;
  /** Told to stop: nothing new is claimed, and what runs has `drainSeconds` to finish. */
  readonly drain: AbortSignal;
  readonly drainSeconds: number;
  /** Told to stop at once: agents are ended and claims released. */
  readonly abort: AbortSignal;
  onEvent(event: WorkerEvent): void;
}

export interface WorkerReport {
  readonly worker_id: string;
  readonly shipped: number;
  readonly failed: number;
  readonly released: number;
  readonly lost: number;
}

/** A daemon: claims, works, completes, and keeps its claims alive meanwhile. Ends when it is told to. */
export async function runWorker(options: WorkerOptions): Promise<WorkerReport> {
  const { workspace } = options;
  const identity = workerIdentity(newWorkerId());
  const counts = { shipped: 0, failed: 0, released: 0, lost: 0 };
  const say: RunContext['say'] = (event) => {
    count(counts, event.event);
    options.onEvent({ at: workspace.clock.now().toISOString(), worker_id: identity.worker_id, ...event });
  };
  const coolDown = new CoolDown(workspace.clock);
  const crew: Crew = {
    coolDown,
    options,
    identity,
    say,
    queue: openQueue(workspace),
    runs: new Set(),
    ended: new AbortController(),
  };
  say({ event: 'started', detail: options.agent.name });
  for (const { slotId, killed } of await cleanOrphans(workspace))
    say({
      event: 'cleaned',
      slot_id: slotId,
      detail: killed ? 'its agent was still running' : 'its work tree was left',
    });
  const stopWatching = watchSignals(crew);
  const renewing = keepRenewing(crew);
  try {
    await claimAndWork(crew);
  } finally {
    stopWatching();
    crew.ended.abort();
    await renewing;
  }
  say({ event: 'stopped' });
  return { worker_id: identity.worker_id, ...counts };
}

interface Crew {
  readonly options: WorkerOptions;
  readonly identity: WorkerIdentity;
  readonly queue: Queue;
  readonly runs: Set<WorkerRun>;
  readonly coolDown: CoolDown;
  /** Aborted when the last run has ended. */
  readonly ended: AbortController;
  readonly say: RunContext['say'];
}

function count(
  counts: Record<'shipped' | 'failed' | 'released' | 'lost', number>,
  event: WorkerEvent['event'],
): void {
  if (event === 'shipped' || event === 'failed' || event === 'released' || event === 'lost')
    counts[event] += 1;
  if (event === 'late') counts.lost += 1;
}

async function claimAndWork(crew: Crew): Promise<void> {
  const { queue, options, identity } = crew;
  const filter = options.kinds === undefined ? {} : { kinds: options.kinds };
  const avoids = (slotId: string) => crew.coolDown.has(slotId);
  const claimer = new Claimer(queue, { filter, watches: true, avoids });
  const working = new Set<Promise<void>>();
  for (let idle = 0; !options.drain.aborted && !options.abort.aborted; ) {
    if (working.size >= options.concurrency) await Promise.race(working);
    else {
      const held = await claimOrSay(crew, claimer, identity);
      if (held !== undefined) {
        idle = 0;
        const work = startRun(crew, held).finally(() => working.delete(work));
        working.add(work);
      } else if (working.size > 0) await Promise.race([...working, pause(crew, idle)]);
      else if (options.once) break;
      else await pause(crew, idle++);
    }
  }
  await Promise.all(working);
}

/** A remote that is gone for a while stops nobody: it is asked again. */
async function claimOrSay(crew: Crew, claimer: Claimer, identity: WorkerIdentity): Promise<Held | undefined> {
  try {
    const held = await claimer.next(identity);
    await faultPoint('worker:claimed');
    return held;
  } catch (error) {
    crew.say({ event: 'trouble', detail: error instanceof Error ? error.message : String(error) });
    if (crew.runs.size === 0 && (crew.options.once || !mayPass(error))) throw error;
    return undefined;
  }
}

/** A refusal stays one, however often it is asked; a network that is gone comes back. */
function mayPass(error: unknown): boolean {
  return !(error instanceof MillwrightError) || error.retry === 'back-off';
}

/** The longer nothing came, the more the pauses differ: daemons that wait together do not ask together. */
async function pause({ queue, options }: Crew, idle: number): Promise<void> {
  const jitter = 0.5 + Math.random() * Math.min(1, idle);
  await queue.workspace.clock.sleep(options.pollSeconds * 1_000 * jitter, options.drain);
}

async function startRun(crew: Crew, held: Held): Promise<void> {
  const { slot, claim } = held;
  const run: WorkerRun = {
    held,
    stop: new AbortController(),
    ending: undefined,
    renewal: undefined,
    stillHeld: async () => {
      await renewRuns(crew, [run]);
      return run.ending !== 'lost' && !isOver(crew, run);
    },
  };
  if (crew.options.abort.aborted) endRun(run, 'drained');
  crew.runs.add(run);
  crew.say({
    event: 'claimed',
    slot_id: slot.slot_id,
    token: claim.token,
    ...(slot.label === undefined ? {} : { detail: slot.label }),
  });
  try {
    // It may have left the queue between the look and the claim.
    await stopCancelled(crew, [run]);
    const { agent, once } = crew.options;
    const onBroken = () => crew.coolDown.add(slot.slot_id, once);
    await workOn({ queue: crew.queue, agent, say: crew.say, onBroken }, run);
  } catch (error) {
    // One slot that goes wrong in a way that nobody has thought of does not take its neighbours along.
    crew.say({ event: 'trouble', slot_id: slot.slot_id, detail: String(error) });
  } finally {
    crew.runs.delete(run);
  }
}

/** Renewal never waits behind work: it has a loop of its own, and one push for all claims. */
async function keepRenewing(crew: Crew): Promise<void> {
  const { clock } = crew.queue.workspace;
  while (!crew.ended.signal.aborted) {
    const runs = [...crew.runs];
    for (const run of runs) if (isOver(crew, run)) endRun(run, 'lost');
    const held = runs.map((run) => run.held);
    const due = new Set(renewalsDue(held, clock.monotonicMs()));
    const idle = runs.filter((run) => run.ending === undefined && run.renewal === undefined);
    const dueRuns = idle.filter((run) => due.has(run.held));
    // Not waited for: a remote that does not answer must not hide that a lease is over.
    if (dueRuns.length > 0) void renewRuns(crew, dueRuns);
    const wait =
      untilDue(
        [...crew.runs].map((run) => run.held),
        clock.monotonicMs(),
      ) ?? LOOK_AGAIN_MS;
    await clock.sleep(Math.min(Math.max(wait, SHORTEST_WAIT_MS), LOOK_AGAIN_MS), crew.ended.signal);
  }
}

/** A claim of a lease of 10 s, the shortest there is, is at half of it after 5 s. */
const LOOK_AGAIN_MS = 1_000;
const SHORTEST_WAIT_MS = 100;

function isOver({ queue }: Crew, { held }: WorkerRun): boolean {
  return queue.workspace.clock.monotonicMs() > held.untilMs;
}

async function renewRuns(crew: Crew, runs: readonly WorkerRun[]): Promise<void> {
  // One that is under way already is waited for, not doubled.
  await Promise.all(runs.map((run) => run.renewal));
  const renewal = renewNow(crew, runs);
  for (const run of runs) run.renewal = renewal;
  await renewal;
  for (const run of runs) if (run.renewal === renewal) run.renewal = undefined;
}

async function renewNow(crew: Crew, runs: readonly WorkerRun[]): Promise<void> {
  const answers = await renewHeld(
    crew.queue,
    runs.map((run) => run.held),
  );
  for (const [at, run] of runs.entries()) {
    const answer = answers[at];
    const facts = { slot_id: run.held.slot.slot_id, token: run.held.claim.token };
    if (answer?.result === 'held') {
      run.held = answer.held;
      crew.say({ event: 'renewed', ...facts });
    } else if (answer?.result === 'unknown') {
      const detail = answer.error instanceof Error ? answer.error.message : 'no answer';
      crew.say({ event: 'trouble', ...facts, detail: `not renewed: ${detail}` });
    } else endRun(run, 'lost');
  }
  await stopCancelled(crew, runs);
}

/** The holders of a cancelled item are told at their next renewal: this is it. */
async function stopCancelled({ queue }: Crew, runs: readonly WorkerRun[]): Promise<void> {
  const sight = await queue.view.look().catch(() => undefined);
  if (sight === undefined) return;
  for (const run of runs) {
    const { item_id, slot_id } = run.held.slot;
    const item = sight.work.items.get(item_id);
    if (item?.cancelled !== undefined || !sight.work.slots.has(slot_id)) endRun(run, 'cancelled');
  }
}

function endRun(run: WorkerRun, why: NonNullable<WorkerRun['ending']>): void {
  run.ending ??= why;
  run.stop.abort();
}

/** The first signal drains: what runs may finish within a bound. The second ends everything at once. */
function watchSignals(crew: Crew): () => void {
  const { drain, abort, drainSeconds } = crew.options;
  const { clock } = crew.queue.workspace;
  const endAll = () => {
    for (const run of crew.runs) endRun(run, 'drained');
  };
  const startDraining = () => {
    crew.say({ event: 'draining', detail: `${crew.runs.size} slots have ${drainSeconds} s to finish` });
    void clock.sleep(drainSeconds * 1_000, crew.ended.signal).then(endAll);
  };
  drain.addEventListener('abort', startDraining, { once: true });
  abort.addEventListener('abort', endAll, { once: true });
  return () => {
    drain.removeEventListener('abort', startDraining);
    abort.removeEventListener('abort', endAll);
  };
}
