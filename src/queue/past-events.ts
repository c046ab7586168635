import type { ItemEvent, SlotEvent } from '../contracts/slot-event.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { listSegments, parseSegment } from '../ledger/segments.ts';

export interface PastEvents {
  readonly slotEvents: readonly SlotEvent[];
  readonly itemEvents: readonly ItemEvent[];
}

/** What the records say of some items, oldest first. Reads back from the newest segment as far as they go. */
export async function eventsOfItems(snapshot: Snapshot, items: ReadonlySet<string>): Promise<PastEvents> {
  if (items.size === 0) return { slotEvents: [], itemEvents: [] };
  const itemEvents = await readBack<ItemEvent>(snapshot, 'item_event', items, (found) => {
    const queued = found.filter(({ event }) => event === 'queued').map(({ item_id: id }) => id);
    return new Set(queued).size === items.size;
  });
  const since = itemEvents[0]?.at ?? '';
  const slotEvents = await readBack<SlotEvent>(
    snapshot,
    'slot_event',
    items,
    (_, oldest) => since !== '' && oldest < since,
  );
  return { slotEvents, itemEvents };
}

async function readBack<Event extends { item_id: string }>(
  snapshot: Snapshot,
  kindName: string,
  items: ReadonlySet<string>,
  isEnough: (found: readonly Event[], oldest: string) => boolean,
): Promise<Event[]> {
  let found: Event[] = [];
  for (const segment of (await listSegments(snapshot, kindName)).reverse()) {
    const content = (await snapshot.blob(segment.oid)).toString('utf8');
    const entries = parseSegment(segment.path, content, () => undefined);
    const mine = entries as unknown as readonly Event[];
    found = [...mine.filter(({ item_id: id }) => items.has(id)), ...found];
    if (isEnough(found, entries[0]?.recorded_at ?? '')) break;
  }
  return found;
}
