import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Snapshot } from '../git/snapshot.ts';
import type { BadLine } from '../ledger/segments.ts';
import { type AttachOptions, attachHistory } from './attach-history.ts';
import { loadFolder } from './load-options.ts';

export interface OpenHistory {
  readonly connection: DuckDBConnection;
  /** Why the projection is not the one on disk; undefined when it is. */
  readonly inMemory: string | undefined;
  close(): void;
}

export interface HistoryOptions extends AttachOptions {
  /** Told of every bad line each time, also of those that an earlier process has read. */
  readonly onBadLine: (bad: BadLine) => void;
}

/**
 * The history as DuckDB tables, one a kind, as the snapshot shows it. The file under `.millwright` is a projection:
 * it is loaded by segment blob id, only ever read by those who ask, and made anew in one step when it is damaged,
 * its columns no longer fit or too much is missing. Whatever is not in it is read into memory.
 */
export async function openHistory(snapshot: Snapshot, options: HistoryOptions): Promise<OpenHistory> {
  const instance = await DuckDBInstance.create(':memory:', { temp_directory: loadFolder() });
  try {
    const connection = await instance.connect();
    const { inMemory, bad } = await attachHistory(connection, snapshot, options);
    for (const line of bad) options.onBadLine(line);
    const close = () => {
      connection.closeSync();
      instance.closeSync();
    };
    return { connection, inMemory, close };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}
