import type { ItemEvent, SlotEvent } from '../contracts/slot-event.ts';
import { slotEnds } from '../contracts/slot-event.ts';
import { listSight } from './list-queue.ts';
import type { Queue } from './queue.ts';
import type { Recipe } from './recipe.ts';
import { tallyRecords } from './tally-records.ts';

/** Counts of slots by state, then of items by kind. Ended ones are counted over the whole history. */
export interface QueueStats {
  readonly slots: Readonly<
    Record<'pending' | 'claimed' | 'shipped' | 'failed' | 'dead' | 'cancelled', number>
  >;
  readonly [items: `${string}s`]: Readonly<Record<string, number>>;
}

export async function queueStats(queue: Queue, recipes: readonly Recipe[]): Promise<QueueStats> {
  const { workspace } = queue;
  const sight = await queue.view.look();
  const { snapshot } = sight;
  const { slots, items } = await listSight(queue, sight, {});
  const count = (state: string) => slots.filter((slot) => slot.state === state).length;
  const past = await tallyRecords<SlotEvent>(workspace, snapshot, 'slot_event', ({ event }) => event);
  // A cell that has ended and waits for a pass is in no record yet; a revived slot is dead no more.
  const ended = Object.fromEntries(slotEnds.map((end) => [end, (past[end] ?? 0) + count(end)]));
  const perKind = await tallyRecords<ItemEvent>(
    workspace,
    snapshot,
    'item_event',
    ({ item_kind, event }) => `${item_kind} ${event}`,
  );
  const ofKind = (kind: string) => ({
    active: items.filter((item) => item.kind === kind && item.cancelled === undefined).length,
    complete: perKind[`${kind} complete`] ?? 0,
    cancelled: perKind[`${kind} cancelled`] ?? 0,
    queued: perKind[`${kind} queued`] ?? 0,
  });
  return {
    slots: {
      pending: count('pending') + count('blocked') + count('released') + count('unreadable'),
      claimed: count('claimed'),
      shipped: ended.shipped ?? 0,
      failed: ended.failed ?? 0,
      dead: count('dead'),
      cancelled: ended.cancelled ?? 0,
    },
    ...Object.fromEntries(recipes.map(({ kind, words }) => [`${words.item}s`, ofKind(kind)])),
  };
}
