import type { Edit } from '../../git/edit.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { putItem } from '../../queue/enqueue.ts';
import { readReplayItems } from './replay-items.ts';

/** What cancels the replays of these patches that are still in the queue. Those that are cancelled stay so. */
export async function cancelEdits(
  snapshot: Snapshot,
  patchIds: readonly string[],
  reason: string,
  at: Date,
): Promise<Edit[]> {
  const items = await readReplayItems(snapshot, patchIds);
  const cancelled = { at: at.toISOString(), reason };
  return items
    .filter(({ item }) => item.cancelled === undefined)
    .map(({ item }) => putItem({ ...item, cancelled }));
}
