import { z } from 'zod';
import type { Kind } from '../contracts/kind.ts';
import type { Entry } from '../contracts/record.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { stateFolder } from '../ledger/paths.ts';
import { readEntries } from '../ledger/read-entries.ts';

/**
 * The records of a kind that fit its schema, oldest first. What was edited by hand until it does not is left out.
 * @param onMisfit told of each, by its line or its id
 */
export async function readRecords<Fields>(
  snapshot: Snapshot,
  kind: Kind,
  onMisfit: (where: string) => void = () => undefined,
): Promise<(Entry & Fields)[]> {
  const schema = z.looseObject(kind.fields.shape);
  const entries = await readEntries(snapshot, kind.name, ({ path, line }) => onMisfit(`${path}:${line}`));
  return entries.flatMap((entry) => {
    const read = schema.safeParse(entry);
    if (read.success) return [{ ...entry, ...read.data } as Entry & Fields];
    onMisfit(`${stateFolder(kind.name)}: ${entry.id}`);
    return [];
  });
}
