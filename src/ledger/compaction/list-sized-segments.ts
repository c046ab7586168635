import type { Snapshot } from '../../git/snapshot.ts';
import { listSegments, type Segment } from '../segments.ts';
import type { SizedSegment } from './plan-compaction.ts';

/** The segments of these kinds with their sizes, oldest first within each kind. Reads no content. */
export async function listSizedSegments(
  snapshot: Snapshot,
  kindNames: readonly string[],
): Promise<SizedSegment[]> {
  const segments: Segment[] = [];
  for (const name of kindNames) segments.push(...(await listSegments(snapshot, name)));
  const oids = segments.map(({ oid }) => oid);
  await snapshot.prefetch(oids);
  const sizes = await snapshot.sizes(oids);
  // What git cannot size is not there, and reading it says so.
  const sized = segments.map(async (segment) => ({
    ...segment,
    bytes: sizes.get(segment.oid) ?? (await snapshot.blob(segment.oid)).length,
  }));
  return Promise.all(sized);
}
