import { join } from 'node:path';
import { findKind } from '../contracts/kinds.ts';
import { contentDigest, type Entry, toLine } from '../contracts/record.ts';
import { lineFacts, shortHash } from '../contracts/record-line.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { IndexCache } from './index-cache.ts';
import { emptyIndex, type KindIndex, startsWith } from './kind-index.ts';
import { type BadLine, listSegments, parseSegment, type Segment } from './segments.ts';

/** What the history already knows under an id. */
export type Known = 'new' | 'same' | 'other';

/**
 * Which ids a kind has, and a digest of each record's content: what makes intake idempotent.
 *
 * Ids and digests are kept as 53-bit numbers (16 bytes a record on disk, by segment blob, in `.millwright`).
 * Two ids with one number are told apart by reading the record itself, so a collision costs time, never data.
 */
export class RecordIndex {
  readonly #cache: IndexCache;
  readonly #onBadLine: (bad: BadLine) => void;
  readonly #kinds = new Map<string, KindIndex>();
  /** One question after the other: two that load at once would mix what two snapshots hold. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(cache: string, onBadLine: (bad: BadLine) => void = () => undefined) {
    this.#cache = new IndexCache(join(cache, 'index'));
    this.#onBadLine = onBadLine;
  }

  /** Holds entries of one kind against the history as the snapshot shows it. */
  look(snapshot: Snapshot, kindName: string, entries: readonly Entry[]): Promise<Known[]> {
    return this.#inTurn(async () => {
      const { digests } = await this.#load(snapshot, kindName);
      const quick = entries.map((entry) => quickLook(digests, kindName, entry));
      const unsure = entries.filter((_, at) => quick[at] === 'unsure').map(({ id }) => id);
      const read = await readRecords(snapshot, kindName, new Set(unsure));
      return quick.map((known, at) => (known === 'unsure' ? closeLook(read, entries[at]) : known));
    });
  }

  /** How many records of a kind the history holds. Closed segments that were read before are not read again. */
  async count(snapshot: Snapshot, kindName: string): Promise<number> {
    const segments = await listSegments(snapshot, kindName);
    const counts = segments.map(async (segment, at) => {
      const open = at === segments.length - 1;
      const known = open ? undefined : await this.#cache.length(segment.oid);
      return (known ?? (await this.#pairs(snapshot, segment, open)).length) / 2;
    });
    return (await Promise.all(counts)).reduce((sum, n) => sum + n, 0);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #load(snapshot: Snapshot, kindName: string): Promise<KindIndex> {
    const segments = await listSegments(snapshot, kindName);
    const known = await this.#whatStillHolds(snapshot, kindName, segments);
    for (const segment of segments) {
      if (known.segments.get(segment.path)?.oid === segment.oid) continue;
      const pairs = await this.#pairs(snapshot, segment, segment === segments.at(-1));
      for (let at = 0; at < pairs.length; at += 2) known.digests.set(pairs[at] ?? 0, pairs[at + 1] ?? 0);
      known.segments.set(segment.path, { oid: segment.oid, records: pairs.length / 2 });
      known.last = { path: segment.path, pairs };
    }
    this.#kinds.set(kindName, known);
    return known;
  }

  /**
   * What was loaded before, if this snapshot only adds to it. A history that was rewritten, or a snapshot that
   * was never published, holds records that this one lacks: then everything is loaded anew.
   */
  async #whatStillHolds(
    snapshot: Snapshot,
    kindName: string,
    segments: readonly Segment[],
  ): Promise<KindIndex> {
    const before = this.#kinds.get(kindName);
    if (before === undefined) return emptyIndex();
    const now = new Map(segments.map((segment) => [segment.path, segment]));
    const changed = [...before.segments].filter(([path, { oid }]) => now.get(path)?.oid !== oid);
    if (changed.length === 0) return before;
    const grown = changed.length === 1 ? now.get(before.last.path) : undefined;
    if (grown === undefined || changed[0]?.[0] !== grown.path) return emptyIndex();
    const pairs = await this.#pairs(snapshot, grown, grown === segments.at(-1));
    return startsWith(pairs, before.last.pairs) ? before : emptyIndex();
  }

  /** Id and digest numbers of a segment, in turn; from the cache when this very blob was read before. */
  async #pairs(snapshot: Snapshot, segment: Segment, open: boolean): Promise<Float64Array> {
    const cached = open ? undefined : await this.#cache.read(segment.oid);
    if (cached !== undefined) return cached;
    const content = (await snapshot.blob(segment.oid)).toString('utf8');
    const pairs = Float64Array.from(
      content.split('\n').flatMap((line, at) => this.#facts(segment, line, at + 1)),
    );
    if (!open) await this.#cache.write(segment.oid, pairs);
    return pairs;
  }

  #facts(segment: Segment, line: string, number: number): number[] {
    if (line === '') return [];
    const facts = lineFacts(line, hasOwnSource(segment.kind));
    if (facts !== undefined) return [shortHash(facts.id), facts.digest];
    const [entry] = parseSegment(segment.path, line, () => undefined);
    // The digest of a line that others wrote matches nothing, so such a record is always read itself.
    if (entry !== undefined) return [shortHash(entry.id), -1];
    this.#onBadLine({ path: segment.path, line: number, found: line.slice(0, 80) });
    return [];
  }
}

function quickLook(
  digests: ReadonlyMap<number, number>,
  kindName: string,
  entry: Entry,
): 'new' | 'same' | 'unsure' {
  const digest = digests.get(shortHash(entry.id));
  if (digest === undefined) return 'new';
  return digest === lineFacts(toLine(entry), hasOwnSource(kindName))?.digest ? 'same' : 'unsure';
}

/** Key order may differ, two ids may share a number, and a line may be no record at all. */
function closeLook(read: ReadonlyMap<string, ReadonlySet<string>>, entry: Entry | undefined): Known {
  const digests = entry === undefined ? undefined : read.get(entry.id);
  if (entry === undefined || digests === undefined) return 'new';
  return digests.has(contentDigest(entry, findKind(entry.kind))) ? 'same' : 'other';
}

/** The digests of the records with these ids, in one walk through the history however many there are. */
async function readRecords(
  snapshot: Snapshot,
  kindName: string,
  ids: ReadonlySet<string>,
): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  if (ids.size === 0) return found;
  for (const segment of await listSegments(snapshot, kindName)) {
    const content = (await snapshot.blob(segment.oid)).toString('utf8');
    for (const entry of parseSegment(segment.path, content, () => undefined)) {
      if (!ids.has(entry.id)) continue;
      const digests = found.get(entry.id) ?? new Set();
      found.set(entry.id, digests.add(contentDigest(entry, findKind(kindName))));
    }
  }
  return found;
}

function hasOwnSource(kindName: string): boolean {
  return 'source' in (findKind(kindName)?.fields.shape ?? {});
}
