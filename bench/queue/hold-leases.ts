import { settings as settingsSchema } from '../../src/contracts/settings.ts';
import { workSlot } from '../../src/contracts/work.ts';
import { openCells } from '../../src/git/cell.ts';
import { limitedPushes } from '../../src/git/push-budget.ts';
import { pushesOfProcess } from '../../src/git/push-history.ts';
import { openWorkspace, type Workspace } from '../../src/ledger/workspace.ts';
import { workerIdentity } from '../../src/queue/claim-for-command.ts';
import { type Held, heldFrom } from '../../src/queue/held.ts';
import { renewHeld } from '../../src/queue/hold.ts';
import { openQueue, type Queue } from '../../src/queue/queue.ts';
import { claimSlot } from '../../src/queue/slot-machine.ts';
import { writeClaims } from '../../src/queue/write-claim.ts';
import { renewalsDue, untilDue } from '../../src/runner/worker/renewals.ts';
import { type MemoryRefs, memoryRefs } from './memory-refs.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface HeldLeases {
  /** Daemons on one machine; together they hold eight claims. */
  readonly daemons: number;
  readonly leases: number;
  readonly lost: number;
  /** The shortest time that a claim had left when its renewal came through, seconds. */
  readonly shortest_left_s: number;
  readonly pushes: number;
  readonly most_pushes_in_any_minute: number;
  readonly pushes_per_minute: number;
  /** Pushes by the minute in which they left. */
  readonly schedule: Readonly<Record<string, number>>;
}

const LEASES = 8;
const LEASE_SECONDS = 300;
const MINUTE_MS = 60_000;
const PUSHES_PER_MINUTE = 6;
/** A far forge that is slow. */
const PUSH_MS = 1_500;

/**
 * An hour of eight claims in simulated time, under a budget of six pushes a minute for the whole machine. All are
 * claimed in the same moment, so that all fall due together. The engine's own swaps, budget and renewals; only
 * the clock and the remote are doubles.
 * @param workspace any workspace; nothing in it is touched
 */
export async function holdLeases(workspace: string, daemons: number): Promise<HeldLeases> {
  const clock = new VirtualClock();
  const history = pushesOfProcess(clock);
  const remote = memoryRefs(clock, PUSH_MS);
  const real = await openWorkspace(workspace);
  const tally: Tally = { lost: 0, shortestLeftMs: Number.POSITIVE_INFINITY };
  for (let at = 0; at < daemons; at += 1) {
    // Every daemon is a process: it has its own queue for turns, and shares what was spent with the others.
    const budget = limitedPushes(clock, PUSHES_PER_MINUTE, history);
    const { namespace, author } = { namespace: real.settings.ref_namespace, author: real.settings.author };
    const cells = openCells({ transport: remote, store: real.store, clock, budget, namespace, author });
    const queue = openQueue({
      ...real,
      settings: settingsSchema.parse({}),
      clock,
      refs: remote,
      budget,
      cells,
    });
    void runDaemon(queue, at, LEASES / daemons, tally);
  }
  await clock.runUntil(60 * MINUTE_MS - 1);
  real.close();
  return reportOf(daemons, remote, tally);
}

interface Tally {
  lost: number;
  shortestLeftMs: number;
}

/** As the worker daemon does: renew what is due, then sleep until something is, at most a second. */
async function runDaemon(queue: Queue, daemon: number, leases: number, tally: Tally): Promise<void> {
  const { clock } = queue.workspace;
  const slots = Array.from({ length: leases }, (_, at) => `slot-${daemon}-${at}`);
  let held = await claimSlots(queue, slots);
  while (held.length > 0) {
    held = dropLost(held, clock, tally);
    const due = renewalsDue(held, clock.monotonicMs());
    if (due.length > 0) held = await renewed(queue, held, due, tally);
    await clock.sleep(Math.min(Math.max(untilDue(held, clock.monotonicMs()) ?? 1_000, 100), 1_000));
  }
}

async function claimSlots(queue: Queue, ids: readonly string[]): Promise<Held[]> {
  const since = queue.workspace.clock.monotonicMs();
  const worker = workerIdentity('worker');
  const slots = ids.map((id) => slotOf(id, queue.workspace));
  const claims = slots.map((slot) => claimSlot(slot, null, worker, queue.stamp()));
  const verdicts = await writeClaims(
    queue,
    claims.map((next) => ({ expected: null, next })),
    'claim',
  );
  return verdicts.map((verdict, at) => {
    const [slot, claim] = [slots[at], claims[at]];
    if (verdict.result !== 'swapped' || verdict.commit === null || slot === undefined || claim === undefined)
      throw new Error('a slot could not be claimed');
    return heldFrom(slot, claim, verdict.commit, since);
  });
}

function slotOf(id: string, { clock }: Workspace) {
  return workSlot.parse({
    slot_id: id,
    item_id: 'item',
    kind: 'thought',
    recipe: 'thought',
    priority: 0,
    prompt: 'thought',
    persona: 'frontend',
    branch: id,
    lease_seconds: LEASE_SECONDS,
    created_at: clock.now().toISOString(),
  });
}

async function renewed(
  queue: Queue,
  held: readonly Held[],
  due: readonly Held[],
  tally: Tally,
): Promise<Held[]> {
  const answers = await renewHeld(queue, due);
  const now = queue.workspace.clock.monotonicMs();
  return held.flatMap((one) => {
    const answer = answers[due.indexOf(one)];
    if (answer?.result !== 'held') {
      if (answer?.result === 'lost' || answer?.result === 'ended') tally.lost += 1;
      return answer?.result === 'lost' || answer?.result === 'ended' ? [] : [one];
    }
    tally.shortestLeftMs = Math.min(tally.shortestLeftMs, one.untilMs - now);
    return [answer.held];
  });
}

function dropLost(held: readonly Held[], clock: Workspace['clock'], tally: Tally): Held[] {
  const kept = held.filter(({ untilMs }) => clock.monotonicMs() <= untilMs);
  tally.lost += held.length - kept.length;
  return kept;
}

function reportOf(daemons: number, { pushes }: MemoryRefs, tally: Tally): HeldLeases {
  const schedule: Record<string, number> = {};
  for (const { atMs } of pushes) {
    const minute = String(Math.floor(atMs / MINUTE_MS));
    schedule[minute] = (schedule[minute] ?? 0) + 1;
  }
  const inMinuteFrom = (from: number) =>
    pushes.filter(({ atMs }) => atMs >= from && atMs < from + MINUTE_MS).length;
  return {
    daemons,
    leases: LEASES,
    lost: tally.lost,
    shortest_left_s: Math.round(tally.shortestLeftMs / 1_000),
    pushes: pushes.length,
    most_pushes_in_any_minute: Math.max(...pushes.map(({ atMs }) => inMinuteFrom(atMs))),
    pushes_per_minute: PUSHES_PER_MINUTE,
    schedule,
  };
}
