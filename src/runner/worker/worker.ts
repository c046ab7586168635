import { faultPoint } from '../../contracts/fault-point.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import { newWorkerId, workerIdentity } from '../../queue/claim-for-command.ts';
import { Claimer } from '../../queue/claimer.ts';
import type { Held } from '../../queue/held.ts';
import { releaseHeld } from '../../queue/hold.ts';
import { openQueue } from '../../queue/queue.ts';
import { Breaker } from './breaker.ts';
import { cleanOrphans } from './clean-orphans.ts';
import { CoolDown } from './cool-down.ts';
import type { Crew } from './crew.ts';
import { heedSignals } from './heed-signals.ts';
import { keepRenewing } from './keep-renewing.ts';
import { startRun } from './start-run.ts';
import type { WorkerEvent } from './worker-event.ts';
import type { WorkerOptions } from './worker-options.ts';

/** How many slots ended in which way under this worker. */
export interface WorkerReport {
  readonly worker_id: string;
  readonly shipped: number;
  readonly failed: number;
  readonly released: number;
  readonly lost: number;
}

/** A daemon: claims, works, completes, and keeps its claims alive meanwhile. Ends when it is told to. */
export async function runWorker(options: WorkerOptions): Promise<WorkerReport> {
  const counts = { shipped: 0, failed: 0, released: 0, lost: 0 };
  const crew = newCrew(options, (event) => count(counts, event));
  crew.say({ event: 'started', detail: options.agent.name });
  await cleanUp(crew);
  const stopHeeding = heedSignals(crew, options);
  const renewing = keepRenewing(crew);
  try {
    await claimAndWork(crew, options);
  } finally {
    stopHeeding();
    crew.ended.abort();
    await renewing;
  }
  crew.say({ event: 'stopped' });
  return { worker_id: crew.identity.worker_id, ...counts };
}

function newCrew({ workspace, onEvent }: WorkerOptions, count: (event: WorkerEvent['event']) => void): Crew {
  const identity = workerIdentity(newWorkerId());
  return {
    identity,
    queue: openQueue(workspace),
    runs: new Set(),
    coolDown: new CoolDown(workspace.clock),
    breaker: new Breaker(),
    ended: new AbortController(),
    say: (event) => {
      count(event.event);
      onEvent({ at: workspace.clock.now().toISOString(), worker_id: identity.worker_id, ...event });
    },
  };
}

function count(counts: Record<'shipped' | 'failed' | 'released' | 'lost', number>, event: string): void {
  if (event === 'shipped' || event === 'failed' || event === 'released' || event === 'lost')
    counts[event] += 1;
  if (event === 'late') counts.lost += 1;
}

/** What workers of this machine have left that were killed. */
async function cleanUp(crew: Crew): Promise<void> {
  for (const { slotId, killed } of await cleanOrphans(crew.queue.workspace)) {
    const detail = killed ? 'its agent was still running' : 'its work tree was left';
    crew.say({ event: 'cleaned', slot_id: slotId, detail });
  }
}

async function claimAndWork(crew: Crew, options: WorkerOptions): Promise<void> {
  const filter = options.kinds === undefined ? {} : { kinds: options.kinds };
  const avoids = (slotId: string) => crew.coolDown.has(slotId);
  const claimer = new Claimer(crew.queue, { filter, watches: true, avoids });
  const working = new Set<Promise<void>>();
  for (let idle = 0; !isToldToStop(crew, options); ) {
    const isFull = working.size >= options.concurrency;
    const held = isFull ? undefined : await claimOrSay(crew, options, claimer);
    if (held !== undefined) {
      idle = 0;
      const work = startRun(crew, options, held).finally(() => working.delete(work));
      working.add(work);
    } else if (isFull) await Promise.race(working);
    else if (working.size > 0) await Promise.race([...working, pause(options, idle)]);
    else if (options.once) break;
    else await pause(options, idle++);
  }
  await Promise.all([...working, giveBackFound(crew, claimer)]);
  if (crew.breaker.why !== undefined) throw crew.breaker.why;
}

function isToldToStop({ breaker }: Crew, { drain, abort }: WorkerOptions): boolean {
  return drain.aborted || abort.aborted || breaker.why !== undefined;
}

/** An interrupt reaches the processes of a push as well: what it has claimed all the same is given back. */
async function giveBackFound({ queue, identity, say }: Crew, claimer: Claimer): Promise<void> {
  const held = await claimer.found(identity).catch(() => undefined);
  if (held === undefined) return;
  await releaseHeld(queue, held, 'interrupted', false);
  say({ event: 'released', slot_id: held.slot.slot_id, token: held.claim.token });
}

/** A remote that is gone for a while stops nobody: it is asked again. */
async function claimOrSay(crew: Crew, { once }: WorkerOptions, claimer: Claimer): Promise<Held | undefined> {
  try {
    const held = await claimer.next(crew.identity);
    await faultPoint('worker:claimed');
    return held;
  } catch (error) {
    crew.say({ event: 'trouble', detail: error instanceof Error ? error.message : String(error) });
    if (crew.runs.size === 0 && (once || !mayPass(error))) throw error;
    return undefined;
  }
}

/** A refusal stays one, however often it is asked; a network that is gone comes back. */
function mayPass(error: unknown): boolean {
  return !(error instanceof MillwrightError) || error.retry === 'back-off';
}

/** The longer nothing came, the more the pauses differ: daemons that wait together do not ask together. */
async function pause({ workspace, pollSeconds, drain }: WorkerOptions, idle: number): Promise<void> {
  const jitter = 0.5 + Math.random() * Math.min(1, idle);
  await workspace.clock.sleep(pollSeconds * 1_000 * jitter, drain);
}
