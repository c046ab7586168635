import { join } from 'node:path';
import { z } from 'zod';
import type { Oid } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { keep, readKept } from '../ledger/kept-json.ts';
import { listSegments, parseSegment } from '../ledger/segments.ts';
import type { Workspace } from '../ledger/workspace.ts';

export type Tally = Readonly<Record<string, number>>;

const tallies = z.record(z.string(), z.record(z.string(), z.int().min(0)));

/**
 * Counts the records of a kind by what `keyOf` says of each. Closed segments never change, so their counts are
 * kept beside the other projections, by blob id, and each is read once.
 */
export async function tallyRecords<Fields>(
  workspace: Workspace,
  snapshot: Snapshot,
  kindName: string,
  keyOf: (record: Fields) => string,
): Promise<Tally> {
  const path = join(workspace.cache, 'tallies', `${kindName}.json`);
  const known = (await readKept(path, tallies)) ?? {};
  const segments = await listSegments(snapshot, kindName);
  const counted = await Promise.all(
    segments.map(async ({ oid, path: name }): Promise<readonly [Oid, Tally]> => {
      const before = known[oid];
      if (before !== undefined) return [oid, before];
      return [oid, tally(name, (await snapshot.blob(oid)).toString('utf8'), keyOf)];
    }),
  );
  if (counted.some(([oid]) => known[oid] === undefined)) await keep(path, Object.fromEntries(counted));
  return counted.map(([, one]) => one).reduce(sum, {});
}

function tally<Fields>(path: string, content: string, keyOf: (record: Fields) => string): Tally {
  const counts: Record<string, number> = {};
  for (const entry of parseSegment(path, content, () => undefined)) {
    const key = keyOf(entry as Fields);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

function sum(a: Tally, b: Tally): Tally {
  const total: Record<string, number> = { ...a };
  for (const [key, n] of Object.entries(b)) total[key] = (total[key] ?? 0) + n;
  return total;
}
