import { parseBytes } from '../../contracts/parse-text.ts';
import { type Replay, type WorkItem, workItem } from '../../contracts/work.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { ITEMS, itemPath } from '../../queue/paths.ts';
import { replayItemId, replayStages } from './replay-item-id.ts';

/** An item of replays that is in the queue. */
export interface ReplayItem {
  readonly patchId: string;
  readonly stage: Replay['stage'];
  readonly item: WorkItem;
}

/** The replays of these patches that are in the queue. */
export async function readReplayItems(
  snapshot: Snapshot,
  patchIds: readonly string[],
): Promise<ReplayItem[]> {
  if (patchIds.length === 0) return [];
  const names = new Set((await snapshot.list(ITEMS)).map(({ name }) => name));
  const places = patchIds.flatMap((patchId) =>
    replayStages.map((stage) => ({ patchId, stage, id: replayItemId(patchId, stage) })),
  );
  const found = places
    .filter(({ id }) => names.has(`${id}.yaml`))
    .map(async ({ patchId, stage, id }) => {
      const item = await readItem(snapshot, id);
      return item === undefined ? [] : [{ patchId, stage, item }];
    });
  return (await Promise.all(found)).flat();
}

/** undefined for a file that somebody has broken; the queue names it. */
export async function readItem(snapshot: Snapshot, id: string): Promise<WorkItem | undefined> {
  const bytes = await snapshot.bytes(itemPath(id));
  const read = bytes === undefined ? undefined : parseBytes(bytes, '.yaml');
  const item = workItem.safeParse(read?.ok ? read.data : undefined);
  return item.success ? item.data : undefined;
}
