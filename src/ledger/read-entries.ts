import type { Entry } from '../contracts/record.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { type BadLine, listSegments, parseSegment } from './segments.ts';

/**
 * All records of a kind, oldest first. For kinds that stay small (recommendations, patches, decisions);
 * questions about outcomes go through the history projection.
 */
export async function readEntries<Fields = unknown>(
  snapshot: Snapshot,
  kindName: string,
  onBadLine: (bad: BadLine) => void = () => undefined,
): Promise<(Entry & Fields)[]> {
  const segments = await listSegments(snapshot, kindName);
  const contents = await Promise.all(segments.map((segment) => snapshot.blob(segment.oid)));
  const read = segments.map((segment, at) =>
    parseSegment(segment.path, contents[at]?.toString('utf8') ?? '', onBadLine),
  );
  return read.flat() as (Entry & Fields)[];
}

/** The newest records of a kind, newest last, from as few segments as needed. */
export async function readLast<Fields = unknown>(
  snapshot: Snapshot,
  kindName: string,
  wanted: number,
): Promise<(Entry & Fields)[]> {
  const entries: Entry[] = [];
  for (const segment of (await listSegments(snapshot, kindName)).reverse()) {
    const content = (await snapshot.blob(segment.oid)).toString('utf8');
    entries.unshift(...parseSegment(segment.path, content, () => undefined));
    if (entries.length >= wanted) break;
  }
  return entries.slice(-wanted) as (Entry & Fields)[];
}
