import { type ItemEvent, itemEvent } from '../../contracts/slot-event.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { listSegments, parseSegment } from '../../ledger/segments.ts';
import type { PatchEntry } from '../feedback-state.ts';
import type { GateFacts, StageFacts } from './gate-facts.ts';
import { replayItemId, replayStages } from './replay-item-id.ts';
import type { ReplayItem } from './replay-items.ts';

/**
 * The stages of the test of a patch that have begun: from the queue, and from what the records say of items that
 * have left it.
 */
export async function readStages(
  snapshot: Snapshot,
  { id: patchId, recorded_at: since }: Pick<PatchEntry, 'id' | 'recorded_at'>,
  items: readonly ReplayItem[],
): Promise<GateFacts['stages']> {
  const live = items.filter((one) => one.patchId === patchId);
  const gone = replayStages.filter((stage) => !live.some((one) => one.stage === stage));
  const ids = new Map(gone.map((stage) => [replayItemId(patchId, stage), stage]));
  // While the last stage is under way nobody asks when the first one was.
  const last = live.some(({ stage }) => stage === 'gate');
  const events = last ? [] : await eventsSince(snapshot, since, ids);
  const past = [...ids].flatMap(([id, stage]) => {
    const own = events.filter(({ item_id }) => item_id === id);
    const facts = fromEvents(id, own);
    return facts === undefined ? [] : [[stage, facts] as const];
  });
  return Object.fromEntries([...past, ...live.map((one) => [one.stage, fromItem(one)] as const)]);
}

/** A patch is older than its replays: what was recorded before it is not read. */
async function eventsSince(
  snapshot: Snapshot,
  since: string,
  ids: ReadonlyMap<string, unknown>,
): Promise<ItemEvent[]> {
  let found: ItemEvent[] = [];
  for (const segment of (await listSegments(snapshot, itemEvent.name)).reverse()) {
    const content = (await snapshot.blob(segment.oid)).toString('utf8');
    const entries = parseSegment(segment.path, content, () => undefined);
    const events = entries as unknown as readonly ItemEvent[];
    found = [...events.filter(({ item_id: id }) => ids.has(id)), ...found];
    if ((entries[0]?.recorded_at ?? '') < since) break;
  }
  return found;
}

function fromItem({ item }: ReplayItem): StageFacts {
  const { item_id: itemId, created_at, slots, cancelled } = item;
  const facts = { itemId, begunAt: new Date(created_at), replays: slots.length, live: true };
  return cancelled === undefined ? facts : { ...facts, cancelled: cancelled.reason };
}

function fromEvents(itemId: string, events: readonly ItemEvent[]): StageFacts | undefined {
  const queued = events.find(({ event }) => event === 'queued');
  if (queued === undefined) return undefined;
  const facts = { itemId, begunAt: new Date(queued.at), replays: queued.slots.length, live: false };
  const end = events.at(-1);
  return end?.event === 'cancelled' ? { ...facts, cancelled: end.reason ?? 'no reason given' } : facts;
}
