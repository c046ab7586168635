import { parseBytes } from '../../contracts/parse-text.ts';
import type { ReplayRun } from '../../contracts/patch-test.ts';
import { workSlot } from '../../contracts/work.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { slotPath } from '../../queue/paths.ts';
import type { ReplayItem } from './replay-items.ts';

/**
 * The git objects of the persona's file that the stages of a test began with, the oldest stage first: as their
 * slots say, and for those that have left the queue what came of them. Empty when no replay has begun.
 */
export async function readBegunFiles(
  snapshot: Snapshot,
  live: readonly ReplayItem[],
  runs: readonly ReplayRun[],
): Promise<string[]> {
  const fromRuns = runs.flatMap(({ extra }) => extra?.persona_file ?? []);
  const fromSlots = await Promise.all(live.map((one) => readFileOf(snapshot, one)));
  const files = [...fromRuns, ...fromSlots].filter((file) => typeof file === 'string');
  return [...new Set(files)];
}

/** All slots of an item say the same: one that is still there will do. */
async function readFileOf(snapshot: Snapshot, { item }: ReplayItem): Promise<string | undefined> {
  const left = item.slots.find((id) => !Object.hasOwn(item.ended, id));
  const bytes = left === undefined ? undefined : await snapshot.bytes(slotPath(left));
  const read = bytes === undefined ? undefined : parseBytes(bytes, '.json');
  // A file that somebody has broken says nothing here; the queue names it.
  return workSlot.safeParse(read?.ok ? read.data : undefined).data?.replay?.persona_file;
}
