import { idTime } from '../contracts/ids.ts';
import { kinds } from '../contracts/kinds.ts';
import type { Forge } from '../forge/forge.ts';
import type { Oid } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { listSegments, type Segment } from '../ledger/segments.ts';

/** The ledger as a proposal shows it: a commit that has been published, and what it holds. */
export interface LedgerTip {
  readonly commit: Oid;
  readonly snapshot: Snapshot;
}

/** The address of the line that holds a record; undefined where there is none. */
export type RecordLink = (id: string) => string | undefined;

interface Place {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
}

/** What was found in a ledger, null for what is not there: several proposals of a pass rest on the same records. */
const found = new WeakMap<Snapshot, Map<string, Place | null>>();

/**
 * Links to the lines of the history that hold these records, at one commit: a later compaction does not break them.
 * Reads segments only until every id is found, those of the month of the oldest id first.
 */
export async function recordLinks(
  ids: readonly string[],
  forge: Pick<Forge, 'permalink'>,
  { commit, snapshot }: LedgerTip,
): Promise<RecordLink> {
  if (forge.permalink === undefined) return () => undefined;
  const known = found.get(snapshot) ?? new Map<string, Place | null>();
  found.set(snapshot, known);
  await findRecords(
    snapshot,
    ids.filter((id) => !known.has(id)),
    known,
  );
  return (id) => {
    const place = known.get(id);
    return place == null ? undefined : forge.permalink?.(commit, place.path, place.line);
  };
}

async function findRecords(
  snapshot: Snapshot,
  ids: readonly string[],
  known: Map<string, Place | null>,
): Promise<void> {
  const missing = new Set(ids);
  if (missing.size === 0) return;
  for (const { path, oid } of await segmentsSince(snapshot, oldestMonth(ids))) {
    const content = await snapshot.blob(oid);
    for (const id of missing) {
      const line = lineOf(content, id);
      if (line === undefined) continue;
      known.set(id, { path, line });
      missing.delete(id);
    }
    if (missing.size === 0) return;
  }
  for (const id of missing) known.set(id, null);
}

/** A record is never older than the time in its id. An id from outside tells no time. */
function oldestMonth(ids: readonly string[]): string {
  const times = ids.map((id) => idTime(id).getTime());
  return new Date(Math.min(...times)).toISOString().slice(0, 7);
}

/** Oldest first, and of one month in the order of the kinds: outcomes are what proposals rest on. */
async function segmentsSince(snapshot: Snapshot, month: string): Promise<Segment[]> {
  const lists = await Promise.all(kinds.map(({ name }) => listSegments(snapshot, name)));
  return lists
    .flat()
    .filter((segment) => segment.month >= month)
    .sort((a, b) => (a.month === b.month ? 0 : a.month < b.month ? -1 : 1));
}

/** Millwright writes the id first, and an id needs no escape. The same text inside a record is no match. */
function lineOf(content: Buffer, id: string): number | undefined {
  const start = Buffer.from(`{"id":"${id}",`);
  for (let at = content.indexOf(start); at !== -1; at = content.indexOf(start, at + 1))
    if (at === 0 || content[at - 1] === LINE_END) return linesBefore(content, at) + 1;
  return undefined;
}

const LINE_END = 10;

function linesBefore(content: Buffer, end: number): number {
  let lines = 0;
  for (let at = content.indexOf(LINE_END); at !== -1 && at < end; at = content.indexOf(LINE_END, at + 1))
    lines += 1;
  return lines;
}
