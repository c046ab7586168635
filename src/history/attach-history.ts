import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Clock, systemClock } from '../contracts/clock.ts';
import { kinds } from '../contracts/kinds.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { BadLine, Segment } from '../ledger/segments.ts';
import { allSegments } from './all-segments.ts';
import {
  attachBase,
  catalogOf,
  type Difference,
  differenceOf,
  type HeldSegment,
  nextNumber,
} from './base.ts';
import { createViews } from './create-views.ts';
import { bytesOf, type LoadOptions, type SizedSegment, withSizes } from './load-options.ts';
import { loadSegments } from './load-segments.ts';
import { publishBase } from './publish-base.ts';
import { rowsOf } from './rows.ts';
import { createTables } from './tables.ts';

export interface AttachOptions extends Omit<LoadOptions, 'snapshot'> {
  /** Folder for projections, `.millwright`. */
  readonly cache: string;
  /** Schema in which the tables appear; `main` when it is not said. */
  readonly schema?: string;
  /** True for a history as it once stood: the projection of today is used and not replaced. */
  readonly past?: boolean;
  readonly clock?: Clock;
  /** Told what is wrong where the file on disk could not be made, and all was read into memory. */
  readonly onInMemory?: (why: string) => void;
}

export interface Attached {
  /** Why the projection is not the one on disk; undefined when it is. */
  readonly inMemory: string | undefined;
  readonly bad: readonly BadLine[];
}

/** So much is read at every opening before the file on disk is made anew: some 40 ms. */
const MOST_FRESH_BYTES = 4_194_304;
/** In a large history the file is made anew less often: it takes a copy of all of it. */
const FRESH_SHARE = 1 / 256;

/**
 * Makes the history as the snapshot shows it appear as one view a kind: what the file on disk holds, and what came
 * since, which is read into memory. Where too much has come since, the file is made anew first; when that cannot be
 * (no room, another process at it), all of it is read into memory.
 */
export async function attachHistory(
  connection: DuckDBConnection,
  snapshot: Snapshot,
  options: AttachOptions,
): Promise<Attached> {
  const schema = options.schema ?? 'main';
  const fresh = `memory._fresh_${schema}`;
  const load = { ...options, snapshot };
  const file = new BaseFile(connection, allSegments(snapshot), snapshot);
  const inMemory = await upToDate(file, load).then(
    () => undefined,
    (error: unknown) => whyInMemory(error),
  );
  // Somebody else makes the file just now: the next one finds it.
  if (inMemory !== undefined && inMemory !== AT_WORK) options.onInMemory?.(inMemory);
  const change = await file.change();
  await connection.run(`CREATE SCHEMA ${fresh}`);
  const isFresh = new Set(change.fresh.map(({ kind }) => kind));
  const needed = kinds.filter(({ name }) => isFresh.has(name) || file.catalog === undefined);
  await createTables(connection, fresh, needed);
  const from = nextNumber(file.held);
  await loadSegments({ connection, within: fresh, from }, change.fresh, load);
  await createViews(connection, { base: file.catalog, fresh, schema }, needed, change);
  const bad = await rowsOf<BadLine>(
    connection,
    `SELECT path, line, found FROM ${schema}._bad_lines ORDER BY path, line`,
  );
  return { inMemory, bad };
}

/** The file on disk as this connection sees it. */
class BaseFile {
  held: readonly HeldSegment[] = [];
  /** The catalog of its tables; undefined when there is no such file. */
  catalog: string | undefined;
  readonly #connection: DuckDBConnection;
  readonly #snapshot: Snapshot;
  /** Listed while the file is being opened. */
  readonly wanted: Promise<readonly Segment[]>;
  #change: (Difference & { readonly fresh: readonly SizedSegment[] }) | undefined;

  constructor(connection: DuckDBConnection, wanted: Promise<readonly Segment[]>, snapshot: Snapshot) {
    this.#connection = connection;
    this.#snapshot = snapshot;
    this.wanted = wanted;
    // Whoever awaits it is told; until then it must not count as unhandled.
    wanted.catch(() => undefined);
  }

  async open(path: string): Promise<void> {
    const held = await attachBase(this.#connection, path);
    this.catalog = held === undefined ? undefined : catalogOf(path);
    this.held = held ?? [];
    this.#change = undefined;
  }

  /** For a file that was replaced meanwhile. */
  async openAnew(path: string): Promise<void> {
    await this.#connection.run(`DETACH DATABASE IF EXISTS ${catalogOf(path)}`);
    await this.open(path);
  }

  async change(): Promise<Difference & { readonly fresh: readonly SizedSegment[] }> {
    const change = this.#change ?? differenceOf(this.held, await this.wanted);
    this.#change ??= { ...change, fresh: await withSizes(change.fresh, this.#snapshot) };
    return this.#change;
  }
}

async function upToDate(file: BaseFile, load: AttachOptions & LoadOptions): Promise<void> {
  const today = join(load.cache, 'history.duckdb');
  await file.open(today);
  if (await isEnough(file, load)) return;
  const path = load.past === true ? await pastFile(load) : today;
  if (load.past === true) {
    await file.open(path);
    if (await isEnough(file, load)) return;
  }
  const clock = load.clock ?? systemClock;
  await publishBase(path, await file.wanted, { ...load, clock, patienceMs: 0 });
  await file.openAnew(path);
}

/** True when what is missing can as well be read into memory. */
async function isEnough(file: BaseFile, load: AttachOptions): Promise<boolean> {
  if (file.catalog === undefined && load.past !== true) return false;
  const { kept, gone, fresh } = await file.change();
  const most = Math.max(MOST_FRESH_BYTES, bytesOf(kept) * FRESH_SHARE);
  if (load.past !== true && bytesOf(gone) > 2 * most) return false;
  return bytesOf(fresh) <= most;
}

/** Files of the past are kept for those who ask again; the three that were asked for last. */
const PAST_FILES = 3;

async function pastFile({ cache, snapshot }: AttachOptions & LoadOptions): Promise<string> {
  const name = `history-at-${snapshot.tree.slice(0, 16)}.duckdb`;
  const others = (await readdir(cache).catch(() => [])).filter(
    (other) => /^history-at-[0-9a-f]{16}\.duckdb$/.test(other) && other !== name,
  );
  const dated = await Promise.all(
    others.map(async (other) => ({ path: join(cache, other), at: (await stat(join(cache, other))).mtimeMs })),
  );
  const old = dated.sort((a, b) => b.at - a.at).slice(PAST_FILES - 1);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
  return join(cache, name);
}

const AT_WORK = 'another process is making it';

/** What the ledger itself lacks, it lacks in memory too; and who stops a load does not want another one. */
function whyInMemory(error: unknown): string {
  const isLocked = error instanceof MillwrightError && error.code === 'locked';
  if (isLocked) return AT_WORK;
  if (error instanceof MillwrightError || (error instanceof Error && error.name === 'AbortError'))
    throw error;
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
