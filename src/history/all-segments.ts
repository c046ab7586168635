import { kinds } from '../contracts/kinds.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { listSegments, type Segment } from '../ledger/segments.ts';

/** The segments of every kind, kind by kind, oldest first. */
export async function allSegments(snapshot: Snapshot): Promise<Segment[]> {
  return (await Promise.all(kinds.map(({ name }) => listSegments(snapshot, name)))).flat();
}
