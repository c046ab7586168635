import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { contentKey } from '../contracts/ids.ts';
import { kinds } from '../contracts/kinds.ts';
import type { Snapshot } from '../git/snapshot.ts';
import type { BadLine } from '../ledger/segments.ts';
import { columnsOf } from './columns.ts';
import { loadSegments } from './load-segments.ts';

export interface OpenHistory {
  readonly connection: DuckDBConnection;
  /** Why the projection is not the one on disk; undefined when it is. */
  readonly inMemory: string | undefined;
  close(): void;
}

export interface HistoryOptions {
  /** Folder for projections, `.millwright`. */
  readonly cache: string;
  readonly onBadLine: (bad: BadLine) => void;
}

/**
 * The history as DuckDB tables, one a kind, brought up to what the snapshot shows. The file under
 * `.millwright` is a projection: it is loaded by segment blob id, rebuilt when its columns no longer fit,
 * and when another process holds it the same tables are built in memory.
 */
export async function openHistory(snapshot: Snapshot, options: HistoryOptions): Promise<OpenHistory> {
  await mkdir(options.cache, { recursive: true });
  const { instance, inMemory } = await openDatabase(join(options.cache, 'history.duckdb'));
  const connection = await instance.connect();
  await createTables(connection);
  await loadSegments(connection, snapshot, options);
  return {
    connection,
    inMemory,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function openDatabase(
  path: string,
): Promise<{ instance: DuckDBInstance; inMemory: string | undefined }> {
  try {
    return { instance: await openFitting(path), inMemory: undefined };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { instance: await DuckDBInstance.create(':memory:'), inMemory: reason };
  }
}

/** A file that is damaged or of another shape is made anew; one that is in use is somebody else's. */
async function openFitting(path: string): Promise<DuckDBInstance> {
  let instance: DuckDBInstance | undefined;
  try {
    instance = await DuckDBInstance.create(path);
    if (await hasShape(instance)) return instance;
  } catch (error) {
    if (error instanceof Error && /lock/i.test(error.message)) throw error;
  }
  instance?.closeSync();
  await Promise.all([rm(path, { force: true }), rm(`${path}.wal`, { force: true })]);
  return DuckDBInstance.create(path);
}

async function hasShape(instance: DuckDBInstance): Promise<boolean> {
  const connection = await instance.connect();
  try {
    const tables = await connection.runAndReadAll(
      "SELECT table_name FROM information_schema.tables WHERE table_name = '_shape'",
    );
    if (tables.currentRowCount === 0)
      return (
        (await connection.runAndReadAll('SELECT 1 FROM information_schema.tables LIMIT 1'))
          .currentRowCount === 0
      );
    const shape = await connection.runAndReadAll('SELECT shape FROM _shape');
    return shape.getRows()[0]?.[0] === currentShape();
  } finally {
    connection.closeSync();
  }
}

/** Changes whenever any column of any kind does. */
function currentShape(): string {
  return contentKey(kinds.map((kind) => [kind.name, columnsOf(kind)]));
}

async function createTables(connection: DuckDBConnection): Promise<void> {
  const tables = kinds.map((kind) => {
    const columns = columnsOf(kind).map(({ name, type }) => `"${name}" ${type}`);
    return `CREATE TABLE IF NOT EXISTS "${kind.name}" (${[...columns, '_segment VARCHAR'].join(', ')});`;
  });
  const loaded = 'CREATE TABLE IF NOT EXISTS _segments (kind VARCHAR, path VARCHAR, oid VARCHAR);';
  const shape = `CREATE TABLE IF NOT EXISTS _shape AS SELECT '${currentShape()}' AS shape;`;
  await connection.run(['BEGIN;', ...tables, loaded, shape, 'COMMIT;'].join('\n'));
}
