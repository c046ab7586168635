import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { readCells } from './claimable.ts';
import { Claimer } from './claimer.ts';
import { unknownSlot } from './find-own-claim.ts';
import { type Held, heldFrom } from './held.ts';
import type { Queue } from './queue.ts';
import { type SlotFilter, slotStanding } from './ready-slots.ts';
import type { WorkerIdentity } from './slot-machine.ts';
import { taken } from './taken.ts';

/** An id for one worker: readable, and never the same twice, whatever host or user it runs as. */
export function newWorkerId(): string {
  return `${hostname()
    .replaceAll(/[^\w.-]/g, '-')
    .slice(0, 60)}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

export function workerIdentity(workerId: string): WorkerIdentity {
  return { worker_id: workerId, host: hostname(), pid: process.pid };
}

/**
 * One claim for a command that does not stay. A worker that asks again for the slot that it holds gets its own
 * claim. Throws `taken` for a slot that another holds, `unknown-slot`, `blocked`, and `nothing-ready`.
 */
export async function claimForCommand(queue: Queue, workerId: string, filter: SlotFilter): Promise<Held> {
  const mine = filter.slot === undefined ? undefined : await alreadyMine(queue, workerId, filter.slot);
  if (mine !== undefined) return mine;
  const claimer = new Claimer(queue, { filter });
  const held = await claimer.next(workerIdentity(workerId));
  if (held !== undefined) return held;
  if (filter.slot !== undefined) throw await whyNot(queue, filter.slot);
  throw new MillwrightError('nothing-ready', 'no slot is ready to be claimed', {
    hint: '"millwright queue list" says what every slot waits for',
    retry: 'back-off',
  });
}

async function alreadyMine(queue: Queue, workerId: string, slotId: string): Promise<Held | undefined> {
  const since = queue.workspace.clock.monotonicMs();
  const found = await standingOf(queue, slotId);
  if (found?.standing !== 'held' || found.claim.worker_id !== workerId) return undefined;
  return heldFrom(found.slot, found.claim, found.commit, since);
}

async function standingOf(queue: Queue, slotId: string) {
  const sight = await queue.view.look();
  const slot = sight.work.slots.get(slotId);
  if (slot === undefined) return undefined;
  await readCells(queue, sight, [slot]);
  return { slot, ...slotStanding(sight, slot, (commit) => queue.view.claims.known(commit)) };
}

async function whyNot(queue: Queue, slotId: string): Promise<MillwrightError> {
  const found = await standingOf(queue, slotId);
  if (found === undefined) return unknownSlot(slotId);
  if (found.standing === 'held' || found.standing === 'ended') return taken(slotId, found.claim);
  const why =
    found.standing === 'blocked'
      ? `it needs ${found.by}, which is not shipped`
      : found.standing === 'cancelled'
        ? 'its item was cancelled'
        : 'somebody else was first, and gave it back; ask again';
  return new MillwrightError('blocked', `${slotId} cannot be claimed: ${why}`, {
    hint: '"millwright queue show" tells more',
    data: { slot_id: slotId, standing: found.standing },
  });
}
