import { z } from 'zod';
import type { Kind } from '../contracts/kind.ts';
import type { Entry } from '../contracts/record.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { readEntries } from '../ledger/read-entries.ts';

/** The records of a kind that fit its schema, oldest first. What was edited by hand until it does not is left out. */
export async function readRecords<Fields>(snapshot: Snapshot, kind: Kind): Promise<(Entry & Fields)[]> {
  const schema = z.looseObject(kind.fields.shape);
  const entries = await readEntries(snapshot, kind.name);
  return entries.flatMap((entry) => {
    const read = schema.safeParse(entry);
    return read.success ? [{ ...entry, ...read.data } as Entry & Fields] : [];
  });
}
