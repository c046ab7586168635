import { MillwrightError } from '../contracts/millwright-error.ts';
import type { Claim, WorkSlot } from '../contracts/work.ts';
import { readClaimNote } from './claim-notes.ts';
import { type Held, heldFrom } from './held.ts';
import type { Queue } from './queue.ts';
import type { QueueSight } from './queue-view.ts';
import { taken } from './taken.ts';

export interface OwnClaim {
  readonly slotId: string;
  /** Given by the caller; else the note of this checkout tells. */
  readonly worker?: string;
  readonly token?: number;
}

/**
 * The claim that a caller says is its own, as the cell has it now. Throws `taken` when another holds the slot or
 * nobody does, `unknown-slot`, and `usage` when nothing tells which claim is meant.
 */
export async function findOwnClaim(queue: Queue, own: OwnClaim): Promise<Held> {
  const since = queue.workspace.clock.monotonicMs();
  const note = own.worker === undefined ? await readClaimNote(queue.workspace, own.slotId) : undefined;
  if (own.worker === undefined && note === undefined) throw whoAreYou(own.slotId);
  const sight = await queue.view.look();
  const found = await readCell(queue, sight, own.slotId);
  const slot = sight.work.slots.get(own.slotId);
  if (found === undefined) throw slot === undefined ? unknownSlot(own.slotId) : taken(own.slotId, null);
  const { claim, commit } = found;
  const isSame = note === undefined ? claim?.worker_id === own.worker : claim?.nonce === note.nonce;
  const isMine = isSame && (own.token ?? claim?.token) === claim?.token;
  if (claim === null || !isMine || claim.state !== 'claimed') throw taken(own.slotId, claim);
  return heldFrom(slot ?? slotOf(claim), claim, commit, since);
}

async function readCell(queue: Queue, { cells }: QueueSight, slotId: string) {
  const commit = cells.get(slotId);
  if (commit === undefined) return undefined;
  return (await queue.view.claims.read(new Map([[slotId, commit]]))).get(slotId);
}

/** A slot that has left the queue while it was held: its holder may still say what became of it. */
function slotOf({ slot_id, item_id, lease_seconds, max_attempts, claimed_at }: Claim): WorkSlot {
  const ids = { slot_id, item_id, kind: 'unknown', recipe: 'unknown', created_at: claimed_at };
  const work = { prompt: 'unknown', persona: 'unknown', branch: 'unknown', variables: {}, needs: [] };
  return { ...ids, ...work, priority: 0, token: 0, lease_seconds, max_attempts };
}

function whoAreYou(slotId: string): MillwrightError {
  return new MillwrightError('usage', `nothing in this checkout says that you have claimed ${slotId}`, {
    hint: 'name the worker that claimed it with --worker; "millwright queue show" says which that is',
    data: { slot_id: slotId },
  });
}

export function unknownSlot(slotId: string): MillwrightError {
  return new MillwrightError('unknown-slot', `there is no slot ${JSON.stringify(slotId)} in the queue`, {
    hint: '"millwright queue list" names them; one that has ended is in state/slot_event',
    data: { slot_id: slotId },
  });
}
