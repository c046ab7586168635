import type { Place } from './place.ts';

const EVENTS_A_SLOT = 4;
const SLOTS_AN_ITEM = 5;
/** Slot events of one item; of the item itself there are two. */
export const EVENTS_AN_ITEM = EVENTS_A_SLOT * SLOTS_AN_ITEM;
const MINUTE = 60_000;

/** Every slot has four events. One lease in ten is lost, and the slot taken by another worker. */
export function slotEventFields(place: Place): Record<string, unknown> {
  const slot = Math.floor(place.index / EVENTS_A_SLOT);
  const item = Math.floor(slot / SLOTS_AN_ITEM);
  const step = place.index % EVENTS_A_SLOT;
  const isLost = slot % 10 === 3;
  const event = eventAt(step, isLost, place);
  const token = isLost && step >= 2 ? 2 : 1;
  const began = place.began(item, place.of / EVENTS_AN_ITEM).getTime();
  const waited = (1 + (slot % 37)) * MINUTE + Math.floor(place.random() * MINUTE);
  return {
    slot_event_id: place.id,
    slot_id: slotId(item, slot % SLOTS_AN_ITEM),
    item_id: itemId(item),
    event,
    token,
    worker_id: `worker-${(slot * 7 + token) % 64}`,
    at: new Date(began + waited + step * 5 * MINUTE).toISOString(),
    commit: place.hex(40),
    ...(event === 'renewed' ? { renewals: step } : {}),
    ...(event === 'expired' ? { reason: 'the lease of 300 s ran out' } : {}),
  };
}

function eventAt(step: number, isLost: boolean, { random }: Place): string {
  if (step === 0) return 'claimed';
  if (step === 1) return isLost ? 'expired' : 'renewed';
  if (step === 2) return isLost ? 'claimed' : 'renewed';
  return random() < 0.85 ? 'shipped' : random() < 0.9 ? 'failed' : 'dead';
}

export function itemEventFields(place: Place): Record<string, unknown> {
  const item = Math.floor(place.index / 2);
  const isEnd = place.index % 2 === 1;
  const began = place.began(item, place.of / 2).getTime();
  return {
    item_event_id: place.id,
    item_id: itemId(item),
    item_kind: 'thought',
    event: isEnd ? 'complete' : 'queued',
    at: new Date(began + (isEnd ? 60 * MINUTE : 0)).toISOString(),
    slots: Array.from({ length: SLOTS_AN_ITEM }, (_, slot) => slotId(item, slot)),
    ...(isEnd ? { ends: { shipped: 4, failed: 1 } } : {}),
  };
}

const itemId = (item: number) => `item-${String(item).padStart(7, '0')}`;
const slotId = (item: number, slot: number) => `${itemId(item)}-v${slot + 1}`;
