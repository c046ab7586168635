import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { BadLine } from '../ledger/segments.ts';
import { badLines, LOAD_FOLDER, loadSegments } from './load-segments.ts';
import { createTables, hasShape } from './tables.ts';

export interface OpenHistory {
  readonly connection: DuckDBConnection;
  /** Why the projection is not the one on disk; undefined when it is. */
  readonly inMemory: string | undefined;
  close(): void;
}

export interface HistoryOptions {
  /** Folder for projections, `.millwright`. */
  readonly cache: string;
  /** Told of every bad line each time, also of those that an earlier process has read. */
  readonly onBadLine: (bad: BadLine) => void;
}

/**
 * The history as DuckDB tables, one a kind, brought up to what the snapshot shows. The file under
 * `.millwright` is a projection: it is loaded by segment blob id, made anew when it is damaged or its
 * columns no longer fit, and when somebody else holds it the same tables are built in memory.
 */
export async function openHistory(snapshot: Snapshot, options: HistoryOptions): Promise<OpenHistory> {
  const { history, bad } = await onDiskOrInMemory(join(options.cache, 'history.duckdb'), snapshot, options);
  for (const line of bad) options.onBadLine(line);
  return history;
}

interface Loaded {
  readonly history: OpenHistory;
  readonly bad: readonly BadLine[];
}

async function onDiskOrInMemory(path: string, snapshot: Snapshot, options: HistoryOptions): Promise<Loaded> {
  try {
    await mkdir(options.cache, { recursive: true });
    return await onDisk(path, snapshot, options);
  } catch (error) {
    // What the ledger itself lacks, it lacks in memory too.
    if (error instanceof MillwrightError) throw error;
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const instance = await DuckDBInstance.create(':memory:');
    return load(instance, snapshot, tmpdir(), reason, () => instance.closeSync());
  }
}

/** A file that is damaged or of another shape is made anew; one that is in use is somebody else's. */
async function onDisk(path: string, snapshot: Snapshot, options: HistoryOptions): Promise<Loaded> {
  try {
    return await loadFile(path, snapshot, options.cache);
  } catch (error) {
    if (error instanceof MillwrightError || isInUse(error)) throw error;
    await Promise.all([rm(path, { force: true }), rm(`${path}.wal`, { force: true })]);
    return loadFile(path, snapshot, options.cache);
  }
}

/** Files that this process has open. The system's lock does not keep a process from itself. */
const heldHere = new Set<string>();

const IN_USE = /could not set lock on file|is open in this process/i;

function isInUse(error: unknown): boolean {
  return error instanceof Error && IN_USE.test(error.message);
}

async function loadFile(path: string, snapshot: Snapshot, cache: string): Promise<Loaded> {
  if (heldHere.has(path)) throw new Error(`${path} is open in this process already`);
  heldHere.add(path);
  let instance: DuckDBInstance | undefined;
  const close = () => {
    instance?.closeSync();
    heldHere.delete(path);
  };
  try {
    instance = await DuckDBInstance.create(path);
    if (!(await hasShape(instance))) throw new Error(`${path} has other tables`);
    await sweep(cache);
  } catch (error) {
    close();
    throw error;
  }
  return load(instance, snapshot, cache, undefined, close);
}

/** Whoever holds the file loads alone, so what lies there was left by a process that died. */
async function sweep(cache: string): Promise<void> {
  const left = (await readdir(cache)).filter((name) => name.startsWith(LOAD_FOLDER));
  await Promise.all(left.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}

async function load(
  instance: DuckDBInstance,
  snapshot: Snapshot,
  folder: string,
  inMemory: string | undefined,
  close: () => void,
): Promise<Loaded> {
  try {
    const connection = await instance.connect();
    await createTables(connection);
    await loadSegments(connection, snapshot, folder);
    const closeAll = () => {
      connection.closeSync();
      close();
    };
    return { history: { connection, inMemory, close: closeAll }, bad: await badLines(connection) };
  } catch (error) {
    close();
    throw error;
  }
}
