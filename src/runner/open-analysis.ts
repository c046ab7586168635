import type { DuckDBConnection } from '@duckdb/node-api';
import { kindNames } from '../contracts/kinds.ts';
import { commitAt } from '../git/commit-at.ts';
import { Snapshot } from '../git/snapshot.ts';
import { addTable, type LiveTable } from '../history/add-table.ts';
import { createSqlViews } from '../history/create-sql-views.ts';
import { describeTables } from '../history/describe-tables.ts';
import { historyOptions } from '../history/history-options.ts';
import type { LoadOptions } from '../history/load-options.ts';
import { lockDown } from '../history/lock-down.ts';
import { type OpenHistory, openHistory } from '../history/open-history.ts';
import type { View } from '../history/view-file.ts';
import type { PassContext } from '../ledger/controller.ts';
import type { Workspace } from '../ledger/workspace.ts';
import { emptyNowTables, readNowTables } from './now-tables.ts';
import { allViews } from './views.ts';

/** A table or view that can be asked. */
export interface Named {
  readonly name: string;
  readonly group: 'table' | 'view' | 'now';
  readonly summary: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly text: string }[];
}

/** The history with everything that analysts ask, read only. */
export interface Analysis {
  readonly connection: DuckDBConnection;
  readonly names: readonly string[];
  /** Every table and view with its columns. */
  describe(): Promise<Named[]>;
  close(): void;
}

export interface AnalysisOptions {
  /** The history as it stood: a commit, a tag or a date. */
  readonly at?: string | undefined;
  /** The statement that will be asked, as far as it is known: it says which live tables are read. */
  readonly sql: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: LoadOptions['onProgress'];
  /** A file that `COPY` may write, and that is not there yet. */
  readonly writable?: string;
}

/** Opens the history for questions: tables, views, and what is not history yet; then locks everything else out. */
export async function openAnalysis(context: PassContext, options: AnalysisOptions): Promise<Analysis> {
  const { workspace } = context;
  const { at, writable } = options;
  const history = await openHistoryAt(workspace, options);
  try {
    const { connection } = history;
    const live = at === undefined ? await readNowTables(context, options.sql) : emptyNowTables();
    for (const table of live) await addTable(connection, table);
    const views = await allViews();
    await createSqlViews(connection, views);
    await lockDown(connection, writable);
    const names = [...kindNames(), ...[...views, ...live].map(({ name }) => name)];
    return { connection, names, describe: () => describeAll(connection, views, live), close: history.close };
  } catch (error) {
    history.close();
    throw error;
  }
}

/** Opens the history, asks, and closes it again. */
export async function withAnalysis<T>(
  context: PassContext,
  options: AnalysisOptions,
  work: (analysis: Analysis) => Promise<T>,
): Promise<T> {
  const analysis = await openAnalysis(context, options);
  try {
    return await work(analysis);
  } finally {
    analysis.close();
  }
}

/** The history of now, or as it stood, with nothing on top of its tables. */
export async function openHistoryAt(
  workspace: Workspace,
  { at, signal, onProgress }: Pick<AnalysisOptions, 'at' | 'signal' | 'onProgress'>,
): Promise<OpenHistory> {
  const told = historyOptions(workspace);
  const past = at !== undefined;
  return openHistory(await snapshotAt(workspace, at), { ...told, past, signal, onProgress });
}

export async function snapshotAt(
  { log, repository, store }: Workspace,
  at: string | undefined,
): Promise<Snapshot> {
  const tip = await log.tip();
  if (at === undefined) return tip.snapshot;
  return new Snapshot(store, await store.treeOf(await commitAt(repository, tip.commit, at)));
}

async function describeAll(
  connection: DuckDBConnection,
  views: readonly View[],
  live: readonly LiveTable[],
): Promise<Named[]> {
  const types = new Map<string, string>();
  const found = await connection.runAndReadAll(
    "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'main' AND database_name = 'memory'",
  );
  for (const [table, column, type] of found.getRows()) types.set(`${table} ${column}`, String(type));
  return [
    ...describeTables().map((table) => ({ ...table, group: 'table' as const })),
    ...views.map(({ name, summary, columns }) => ({
      name,
      summary,
      group: 'view' as const,
      columns: columns.map((column) => ({ ...column, type: types.get(`${name} ${column.name}`) ?? '' })),
    })),
    ...live.map(({ name, summary, columns }) => ({ name, summary, columns, group: 'now' as const })),
  ];
}
