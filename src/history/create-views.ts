import type { DuckDBConnection } from '@duckdb/node-api';
import type { Kind } from '../contracts/kind.ts';
import { kinds } from '../contracts/kinds.ts';
import type { Difference } from './base.ts';
import { columnsOf } from './columns.ts';

export interface Place {
  /** Catalog of the file on disk; undefined where there is none. */
  readonly base: string | undefined;
  /** Schema of the tables in memory. */
  readonly fresh: string;
  /** Schema of the views. */
  readonly schema: string;
}

/** So many segments are left out by their numbers; of more, those are named that count. */
const FEW = 32;

/**
 * One view a kind over both places: the rows of the segments that count, and nothing of how they are kept.
 * @param needed the kinds that have a table in memory
 */
export async function createViews(
  connection: DuckDBConnection,
  { base, fresh, schema }: Place,
  needed: readonly Kind[],
  change: Difference,
): Promise<void> {
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await connection.run(`CREATE TABLE ${fresh}._kept AS SELECT unnest($1::INTEGER[]) AS number`, [
    `[${change.kept.map(({ number }) => number).join(', ')}]`,
  ]);
  const inMemory = new Set(['_segments', '_bad_lines', ...needed.map(({ name }) => name)]);
  const view = (table: string, columns: string, key: string) => {
    const ofFile = base && `SELECT ${columns} FROM ${base}.main."${table}"${where(key, fresh, change)}`;
    const ofMemory = inMemory.has(table) ? `SELECT ${columns} FROM ${fresh}."${table}"` : undefined;
    const parts = [ofFile, ofMemory].filter((part) => part !== undefined);
    return `CREATE VIEW ${schema}."${table}" AS ${parts.join(' UNION ALL ')};`;
  };
  const views = kinds.map((kind) =>
    view(
      kind.name,
      columnsOf(kind)
        .map(({ name }) => `"${name}"`)
        .join(', '),
      '_segment',
    ),
  );
  views.push(view('_segments', 'kind, path, oid, bytes, records', 'number'));
  views.push(view('_bad_lines', 'path, line, found', 'number'));
  await connection.run(views.join('\n'));
}

function where(key: string, fresh: string, { gone }: Difference): string {
  if (gone.length === 0) return '';
  if (gone.length > FEW) return ` WHERE ${key} IN (SELECT number FROM ${fresh}._kept)`;
  return ` WHERE ${key} NOT IN (${gone.map(({ number }) => number).join(', ')})`;
}
