import { type SlotEvent, slotEnd } from '../contracts/slot-event.ts';
import type { Claim } from '../contracts/work.ts';
import type { Oid } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { Held } from './held.ts';
import { eventsOfItems } from './past-events.ts';
import type { Queue } from './queue.ts';

export interface HeldNow {
  readonly commit: Oid;
  readonly claim: Claim | null;
}

/**
 * What became of claims whose cells have moved: what the cells say now, or what the records say of an end that was
 * folded meanwhile. A slot of which neither says anything is left out.
 */
export async function readHeldNow({ view }: Queue, held: readonly Held[]): Promise<Map<string, HeldNow>> {
  if (held.length === 0) return new Map();
  const { cells, snapshot } = await view.look();
  const there = held.flatMap(({ slot: { slot_id: id } }) => {
    const commit = cells.get(id);
    return commit === undefined ? [] : [[id, commit] as const];
  });
  const found: Map<string, HeldNow> = await view.claims.read(new Map(there));
  const gone = held.filter(({ slot }) => !cells.has(slot.slot_id));
  for (const [id, now] of await folded(snapshot, gone)) found.set(id, now);
  return found;
}

async function folded(snapshot: Snapshot, gone: readonly Held[]): Promise<(readonly [string, HeldNow])[]> {
  const items = new Set(gone.map(({ slot }) => slot.item_id));
  const { slotEvents } = await eventsOfItems(snapshot, items);
  return gone.flatMap(({ slot: { slot_id: id }, claim }) => {
    const end = slotEvents.find((event) => isEndOf(event, claim));
    if (end === undefined) return [];
    const state = end.event as Claim['state'];
    return [[id, { commit: end.commit ?? '', claim: { ...claim, state } }] as const];
  });
}

/** A release ends the claim, too: of a cancelled item it is folded before the slot is claimed again. */
function isEndOf({ slot_id, token, worker_id, event }: SlotEvent, claim: Claim): boolean {
  return (
    (event === 'released' || slotEnd.safeParse(event).success) &&
    slot_id === claim.slot_id &&
    token === claim.token &&
    worker_id === claim.worker_id
  );
}
