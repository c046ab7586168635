import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { kinds } from '../contracts/kinds.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { addTable } from '../history/add-table.ts';
import { createSqlViews } from '../history/create-sql-views.ts';
import { describeTables } from '../history/describe-tables.ts';
import { interruptOn } from '../history/interrupt-on.ts';
import type { LoadOptions } from '../history/load-options.ts';
import { rowsOf } from '../history/rows.ts';
import { identifier, quoted } from '../history/sql-text.ts';
import type { View } from '../history/view-file.ts';
import type { PassContext } from '../ledger/controller.ts';
import { emptyNowTables } from './now-tables.ts';
import { openHistoryAt } from './open-analysis.ts';
import { allViews } from './views.ts';

export interface ExportOptions {
  readonly format: 'parquet' | 'csv' | 'duckdb';
  /** A folder that is not there yet, or is empty. */
  readonly out: string;
  /** `month`: one folder a month, by when records were accepted, as engines on object storage like it. */
  readonly partition: 'month' | undefined;
  readonly at: string | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: LoadOptions['onProgress'];
  /** Told of each table that is written. */
  readonly onTable?: (name: string, rows: number) => void;
}

export interface Exported {
  readonly format: ExportOptions['format'];
  readonly out: string;
  readonly tables: Readonly<Record<string, number>>;
  readonly files: number;
}

/** Writes the whole history into a folder that needs nothing of Millwright. It appears when it is whole. */
export async function exportHistory(context: PassContext, options: ExportOptions): Promise<Exported> {
  const { signal, out } = options;
  await mustBeNew(out);
  const history = await openHistoryAt(context.workspace, options);
  const unfinished = join(dirname(out), `.${basename(out)}.${randomBytes(4).toString('hex')}.part`);
  interruptOn(signal, history.connection);
  try {
    await mkdir(unfinished, { recursive: true });
    const tables = await write(history.connection, unfinished, options);
    // Only an empty folder gives way: what came into it meanwhile is somebody's.
    await rmdir(out).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw notEmpty(out, error);
    });
    await rename(unfinished, out);
    const files = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    return { format: options.format, out, tables, files: files.length };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    history.close();
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function mustBeNew(out: string): Promise<void> {
  const there = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new MillwrightError('file-exists', `${out} is no folder`, {
      hint: 'name a folder that does not exist yet',
      cause: error,
    });
  });
  if (there.length > 0) throw notEmpty(out);
}

function notEmpty(out: string, cause?: unknown): MillwrightError {
  return new MillwrightError('file-exists', `${out} is not empty`, {
    hint: 'name a folder that does not exist yet',
    cause,
  });
}

async function write(
  connection: DuckDBConnection,
  folder: string,
  options: ExportOptions,
): Promise<Record<string, number>> {
  const tables: Record<string, number> = {};
  const views = await allViews();
  const isFile = options.format === 'duckdb';
  if (isFile) await connection.run(`ATTACH ${quoted(join(folder, 'history.duckdb'))} AS exported`);
  for (const { name } of kinds) {
    options.signal?.throwIfAborted();
    const [count] = await rowsOf<{ n: number }>(connection, `SELECT count(*) AS n FROM ${identifier(name)}`);
    tables[name] = count?.n ?? 0;
    // Without rows there is no month, and so no folder.
    const isNothing = tables[name] === 0 && options.partition !== undefined;
    if (!isNothing) await connection.run(isFile ? intoDatabase(name) : intoFiles(name, folder, options));
    options.onTable?.(name, tables[name]);
  }
  if (isFile) {
    await finishDatabase(connection, views);
    await connection.run('DETACH exported');
  } else await writeFile(join(folder, 'views.sql'), viewsText(views, tables, options));
  return tables;
}

function intoDatabase(name: string): string {
  return `CREATE TABLE exported.main.${identifier(name)} AS SELECT * FROM memory.main.${identifier(name)}`;
}

/** One file a kind, or one folder a kind with a folder for each month. Names of kinds are plain words. */
function intoFiles(name: string, folder: string, { format, partition }: ExportOptions): string {
  const how = format === 'parquet' ? 'FORMAT parquet, COMPRESSION zstd' : 'FORMAT csv, HEADER';
  if (partition === undefined)
    return `COPY (SELECT * FROM ${identifier(name)}) TO ${quoted(join(folder, `${name}.${format}`))} (${how})`;
  return `COPY (SELECT *, strftime(recorded_at, '%Y-%m') AS month FROM ${identifier(name)}) TO ${quoted(join(folder, name))} (${how}, PARTITION_BY (month))`;
}

/** All views, and comments where people look for them: in the tables and columns themselves. */
async function finishDatabase(connection: DuckDBConnection, views: readonly View[]): Promise<void> {
  await connection.run('USE exported.main');
  try {
    for (const table of emptyNowTables()) await addTable(connection, table);
    await createSqlViews(connection, views, 'exported.main');
  } finally {
    await connection.run('USE memory.main');
  }
  const comments = [
    ...describeTables().map((table) => ({ ...table, what: 'TABLE' })),
    ...views.map((view) => ({ ...view, what: 'VIEW' })),
  ].flatMap(({ name, summary, columns, what }) => [
    `COMMENT ON ${what} exported.main.${identifier(name)} IS ${quoted(summary)};`,
    ...columns
      .filter(({ text }) => text !== '')
      .map(
        (column) =>
          `COMMENT ON COLUMN exported.main.${identifier(name)}.${identifier(column.name)} IS ${quoted(column.text)};`,
      ),
  ]);
  await connection.run(comments.join('\n'));
}

/** Tables and views as SQL for any engine that reads such files, called from within the folder. */
function viewsText(
  views: readonly View[],
  tables: Readonly<Record<string, number>>,
  { format, partition }: ExportOptions,
): string {
  const sources = describeTables().map(({ name, columns }) => {
    const ending = partition === undefined ? `${name}.${format}` : `${name}/*/*.${format}`;
    const types = columns.map((column) => `${quoted(column.name)}: ${quoted(column.type)}`).join(', ');
    const how = [
      ...(partition === undefined ? [] : ['hive_partitioning = true']),
      // A CSV file says nothing of types.
      ...(format === 'csv' ? [`header = true, types = {${types}}`] : []),
    ].map((option) => `, ${option}`);
    const from = `read_${format}('${ending}'${how.join('')})`;
    // A table without rows has no folder where there is one for each month.
    const isEmpty = partition !== undefined && tables[name] === 0;
    return `CREATE VIEW ${identifier(name)} AS SELECT ${isEmpty ? noRows(columns) : `*${partition === undefined ? '' : ' EXCLUDE (month)'} FROM ${from}`};\n`;
  });
  const now = emptyNowTables().map(
    ({ name, columns }) => `CREATE VIEW ${identifier(name)} AS SELECT ${noRows(columns)};\n`,
  );
  const on = views.map(
    ({ name, summary, sql }) => `\n-- ${summary}\nCREATE VIEW ${identifier(name)} AS\n${sql.trimEnd()};\n`,
  );
  return [
    '-- The tables and views of the history, to be read from within this folder.\n',
    ...sources,
    ...now,
    ...on,
  ].join('');
}

/** What follows SELECT where there are columns and nothing in them. */
function noRows(columns: readonly { readonly name: string; readonly type: string }[]): string {
  const list = columns.map(({ name, type }) => `NULL::${type} AS ${identifier(name)}`).join(', ');
  return `${list} WHERE false`;
}
