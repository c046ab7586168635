import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { kinds } from '../contracts/kinds.ts';
import { attachHistory } from '../history/attach-history.ts';
import { createSqlViews } from '../history/create-sql-views.ts';
import { historyOptions } from '../history/history-options.ts';
import { interruptOn } from '../history/interrupt-on.ts';
import { type LoadOptions, loadFolder } from '../history/load-options.ts';
import { rowsOf } from '../history/rows.ts';
import { identifier } from '../history/sql-text.ts';
import type { View } from '../history/view-file.ts';
import type { PassContext } from '../ledger/controller.ts';
import { snapshotAt } from './open-analysis.ts';
import { allViews } from './views.ts';

/** What is in one table or view at the later time and not at the earlier one, and the other way round. */
export interface Change {
  readonly name: string;
  readonly group: 'table' | 'view';
  readonly from: number;
  readonly to: number;
  readonly added: number;
  readonly removed: number;
  /** Some of the rows, those of the later time first. */
  readonly rows: readonly { readonly sign: '+' | '-'; readonly row: Readonly<Record<string, unknown>> }[];
}

export interface CompareOptions {
  readonly from: string;
  /** The history as it is now, when it is not said. */
  readonly to?: string | undefined;
  /** Rows to show of each table and view. */
  readonly rows: number;
  /** A table or view to look at alone. */
  readonly only?: string | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: LoadOptions['onProgress'];
}

/** Holds the history at two times against each other, per kind and per view. Only what differs is given. */
export async function compareHistory(context: PassContext, options: CompareOptions): Promise<Change[]> {
  const { signal } = options;
  const instance = await DuckDBInstance.create(':memory:', { temp_directory: loadFolder() });
  try {
    const connection = await instance.connect();
    interruptOn(signal, connection);
    const views = await allViews();
    // The later one first: it may make the file on disk anew, which the earlier one then reads too.
    for (const [schema, at] of [
      ['later', options.to],
      ['earlier', options.from],
    ] as const)
      await openAs(schema, at, { connection, context, views, options });
    return await changesOf(connection, views, options);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    instance.closeSync();
  }
}

interface Opening {
  readonly connection: DuckDBConnection;
  readonly context: PassContext;
  readonly views: readonly View[];
  readonly options: CompareOptions;
}

/** The history of one time with all views, in a schema of this name. */
async function openAs(schema: string, at: string | undefined, opening: Opening): Promise<void> {
  const { connection, context, views, options } = opening;
  const { signal, onProgress } = options;
  const told = historyOptions(context.workspace);
  const snapshot = await snapshotAt(context.workspace, at);
  const past = at !== undefined;
  const { bad } = await attachHistory(connection, snapshot, { ...told, past, schema, signal, onProgress });
  for (const line of bad) told.onBadLine(line);
  await createSqlViews(connection, views, `memory.${schema}`);
}

async function changesOf(
  connection: DuckDBConnection,
  views: readonly View[],
  { only, rows }: CompareOptions,
): Promise<Change[]> {
  const names = [
    ...kinds.map(({ name }) => ({ name, group: 'table' as const })),
    ...views.map(({ name }) => ({ name, group: 'view' as const })),
  ];
  const changes: Change[] = [];
  for (const one of names)
    if (only === undefined || one.name === only) changes.push(await changeOf(connection, one, rows));
  return changes.filter(({ added, removed }) => added + removed > 0);
}

async function changeOf(
  connection: DuckDBConnection,
  { name, group }: Pick<Change, 'name' | 'group'>,
  most: number,
): Promise<Change> {
  const table = identifier(name);
  const only = (a: string, b: string) =>
    `(SELECT * FROM ${a}.${table} EXCEPT ALL SELECT * FROM ${b}.${table})`;
  const [counts] = await rowsOf<Pick<Change, 'from' | 'to' | 'added' | 'removed'>>(
    connection,
    `SELECT (SELECT count(*) FROM earlier.${table}) AS "from", (SELECT count(*) FROM later.${table}) AS "to",
       (SELECT count(*) FROM ${only('later', 'earlier')}) AS added, (SELECT count(*) FROM ${only('earlier', 'later')}) AS removed`,
  );
  const { from = 0, to = 0, added = 0, removed = 0 } = counts ?? {};
  const some = async (sign: '+' | '-', a: string, b: string) =>
    (
      await rowsOf<Record<string, unknown>>(
        connection,
        `SELECT * FROM ${only(a, b)} ORDER BY ALL LIMIT ${most}`,
      )
    ).map((row) => ({ sign, row }));
  const rows =
    added + removed === 0 || most === 0
      ? []
      : [...(await some('+', 'later', 'earlier')), ...(await some('-', 'earlier', 'later'))];
  return { name, group, from, to, added, removed, rows };
}
