import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findKind } from '../contracts/kinds.ts';
import { contentDigest, type Entry, toLine } from '../contracts/record.ts';
import { lineFacts, shortHash } from '../contracts/record-line.ts';
import { codeOf } from '../git/process-lock.ts';
import type { Oid } from '../git/repository.ts';
import type { Snapshot } from '../git/snapshot.ts';
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
  readonly #cache: string;
  readonly #onBadLine: (bad: BadLine) => void;
  readonly #kinds = new Map<string, LoadedKind>();

  constructor(cache: string, onBadLine: (bad: BadLine) => void = () => undefined) {
    this.#cache = join(cache, 'index');
    this.#onBadLine = onBadLine;
  }

  /** Holds entries of one kind against the history as the snapshot shows it. */
  async look(snapshot: Snapshot, kindName: string, entries: readonly Entry[]): Promise<Known[]> {
    const { digests } = await this.#load(snapshot, kindName);
    const known: Known[] = [];
    for (const entry of entries) {
      const digest = digests.get(shortHash(entry.id));
      if (digest === undefined) known.push('new');
      else if (digest === lineFacts(toLine(entry), hasOwnSource(kindName))?.digest) known.push('same');
      else known.push(await this.#compare(snapshot, entry));
    }
    return known;
  }

  /** How many records of a kind the history holds. */
  async count(snapshot: Snapshot, kindName: string): Promise<number> {
    return (await this.#load(snapshot, kindName)).records;
  }

  /** Reads the record itself: key order may differ, and two ids may share a number. */
  async #compare(snapshot: Snapshot, entry: Entry): Promise<Known> {
    const own = contentDigest(entry, findKind(entry.kind));
    for (const segment of await listSegments(snapshot, entry.kind)) {
      const content = (await snapshot.blob(segment.oid)).toString('utf8');
      if (!content.includes(JSON.stringify(entry.id))) continue;
      const found = parseSegment(segment.path, content, () => undefined).find(({ id }) => id === entry.id);
      if (found !== undefined) return contentDigest(found, findKind(entry.kind)) === own ? 'same' : 'other';
    }
    return 'new';
  }

  async #load(snapshot: Snapshot, kindName: string): Promise<LoadedKind> {
    const segments = await listSegments(snapshot, kindName);
    const before = this.#kinds.get(kindName);
    const known =
      before !== undefined && before.oids.size > 0 && extendsLoaded(segments, before.oids)
        ? before
        : emptyKind();
    const missing = segments.filter((segment) => known.oids.get(segment.path)?.oid !== segment.oid);
    for (const segment of missing) {
      const pairs = await this.#pairs(snapshot, segment, segment === segments.at(-1));
      for (let at = 0; at < pairs.length; at += 2) known.digests.set(pairs[at] ?? 0, pairs[at + 1] ?? 0);
      known.records += pairs.length / 2 - (known.oids.get(segment.path)?.records ?? 0);
      known.oids.set(segment.path, { oid: segment.oid, records: pairs.length / 2 });
    }
    this.#kinds.set(kindName, known);
    return known;
  }

  /** Id and digest numbers of a segment, in turn; from the cache when this very blob was read before. */
  async #pairs(snapshot: Snapshot, segment: Segment, open: boolean): Promise<Float64Array> {
    const cached = open ? undefined : await this.#readCached(segment.oid);
    if (cached !== undefined) return cached;
    const content = (await snapshot.blob(segment.oid)).toString('utf8');
    const pairs = Float64Array.from(
      content.split('\n').flatMap((line, at) => this.#facts(segment, line, at + 1)),
    );
    if (!open) await this.#writeCached(segment.oid, pairs);
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

  async #readCached(oid: Oid): Promise<Float64Array | undefined> {
    try {
      const bytes = await readFile(join(this.#cache, oid));
      return bytes.length % 16 === 0 ? new Float64Array(new Uint8Array(bytes).buffer) : undefined;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** A cache that cannot be written is only slower. */
  async #writeCached(oid: Oid, pairs: Float64Array): Promise<void> {
    const temporary = join(this.#cache, `${oid}.${process.pid}.tmp`);
    try {
      await mkdir(this.#cache, { recursive: true });
      await writeFile(temporary, new Uint8Array(pairs.buffer));
      await rename(temporary, join(this.#cache, oid));
    } catch {
      return;
    }
  }
}

interface LoadedKind {
  readonly digests: Map<number, number>;
  readonly oids: Map<string, { oid: Oid; records: number }>;
  records: number;
}

function emptyKind(): LoadedKind {
  return { digests: new Map(), oids: new Map(), records: 0 };
}

/** History only grows: true when every loaded segment is still there and only the last ones changed. */
function extendsLoaded(segments: readonly Segment[], loaded: LoadedKind['oids']): boolean {
  const now = new Map(segments.map((segment) => [segment.path, segment.oid]));
  const lastLoaded = [...loaded.keys()].at(-1);
  return [...loaded].every(
    ([path, { oid }]) => now.get(path) === oid || (path === lastLoaded && now.has(path)),
  );
}

function hasOwnSource(kindName: string): boolean {
  return 'source' in (findKind(kindName)?.fields.shape ?? {});
}
