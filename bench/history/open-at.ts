import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ObjectStore } from '../../src/git/object-store.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Snapshot } from '../../src/git/snapshot.ts';
import { openHistory } from '../../src/history/open-history.ts';
import { CACHE } from '../../src/ledger/paths.ts';

export interface OpenedHistory {
  readonly connection: DuckDBConnection;
  close(): void;
}

/** What is committed in a workspace as Millwright's tables, as every command that asks the history opens it. */
export async function openAt(root: string): Promise<OpenedHistory> {
  const store = new ObjectStore(await openRepository(root));
  try {
    const { connection, close } = await openIn(root, store);
    return {
      connection,
      close: () => {
        close();
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** The same for a process that has the repository open already, as a shell or a runner has. */
export async function openIn(root: string, store: ObjectStore, commit?: string): Promise<OpenedHistory> {
  const snapshot = new Snapshot(store, await store.treeOf(commit ?? 'HEAD'));
  const onBadLine = (bad: unknown) => {
    throw new Error(`a synthetic line was not read: ${JSON.stringify(bad)}`);
  };
  const past = commit !== undefined;
  const options = { cache: join(root, CACHE), workTree: root, onBadLine, past };
  const history = await openHistory(snapshot, options);
  if (history.inMemory !== undefined && !past)
    throw new Error(`the history is in memory: ${history.inMemory}`);
  return { connection: history.connection, close: history.close };
}
