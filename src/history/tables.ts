import type { DuckDBConnection } from '@duckdb/node-api';
import { contentKey } from '../contracts/ids.ts';
import type { Kind } from '../contracts/kind.ts';
import { kinds } from '../contracts/kinds.ts';
import { columnsOf } from './columns.ts';
import { rowsOf } from './rows.ts';

/**
 * One table a kind, whose rows name their segment by its number; which blob each segment was read from; and the
 * lines that could not be read.
 * @param within where they stand, such as `main` or `"_base"."main"`
 */
function tables(within: string, some: readonly Kind[] = kinds): string[] {
  return [
    ...some.map((kind) => `CREATE TABLE ${within}."${kind.name}" (${columnList(kind)}, _segment INTEGER);`),
    `CREATE TABLE ${within}._segments (number INTEGER, kind VARCHAR, path VARCHAR, oid VARCHAR, bytes BIGINT, records BIGINT);`,
    `CREATE TABLE ${within}._bad_lines (number INTEGER, path VARCHAR, line BIGINT, found VARCHAR);`,
  ];
}

function columnList(kind: Kind): string {
  return columnsOf(kind)
    .map(({ name, type }) => `"${name}" ${type}`)
    .join(', ');
}

/** @param some the kinds that need a table, where not all of them do */
export async function createTables(
  connection: DuckDBConnection,
  within: string,
  some?: readonly Kind[],
): Promise<void> {
  const shape = `CREATE TABLE ${within}._shape AS SELECT '${currentShape()}' AS shape;`;
  await connection.run([...tables(within, some), shape].join('\n'));
}

/** True when the tables are those of this version. Throws what DuckDB says when one of them is missing. */
export async function hasShape(connection: DuckDBConnection, within: string): Promise<boolean> {
  const all = [...kinds.map(({ name }) => name), '_segments', '_bad_lines'];
  const probes = all.map((name) => `SELECT NULL FROM ${within}."${name}" WHERE false`);
  const sql = [`SELECT shape FROM ${within}._shape`, ...probes].join(' UNION ALL ');
  const rows = await rowsOf<{ shape: string }>(connection, sql);
  return rows[0]?.shape === currentShape();
}

/** Changes whenever any column of any table does. */
function currentShape(): string {
  return contentKey(tables('main'));
}
