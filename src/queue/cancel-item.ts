import { MillwrightError } from '../contracts/millwright-error.ts';
import type { PassContext } from '../ledger/controller.ts';
import { putItem } from './enqueue.ts';
import { WorkReader } from './read-work.ts';

/**
 * Cancels an item. Slots that nobody holds leave with the next pass; holders are told at their next renewal.
 * Cancelling twice changes nothing. Throws `unknown-item`.
 * @returns how many slots of it are still in the queue
 */
export async function cancelItem(
  { workspace }: PassContext,
  itemId: string,
  reason: string,
): Promise<number> {
  const reader = new WorkReader();
  const words = { subject: `Cancel ${itemId}`, priority: 'claim' as const };
  const { value } = await workspace.log.transact(words, async (snapshot) => {
    const { items, slots } = await reader.read(snapshot);
    const item = items.get(itemId);
    if (item === undefined) throw unknownItem(itemId);
    const left = item.slots.filter((id) => slots.has(id)).length;
    if (item.cancelled !== undefined) return { edits: [], value: left };
    const cancelled = { at: workspace.clock.now().toISOString(), reason };
    return { edits: [putItem({ ...item, cancelled })], value: left };
  });
  return value;
}

export function unknownItem(itemId: string): MillwrightError {
  return new MillwrightError('unknown-item', `there is no item ${JSON.stringify(itemId)} in the queue`, {
    hint: '"millwright queue list" names them; one that is complete is in state/item_event',
    data: { item_id: itemId },
  });
}
