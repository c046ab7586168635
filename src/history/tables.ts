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
function tables(within: string): string[] {
  return [
    ...kinds.map((kind) => `CREATE TABLE ${within}."${kind.name}" (${columnList(kind)}, _segment INTEGER);`),
    `CREATE TABLE ${within}._segments (number INTEGER, kind VARCHAR, path VARCHAR, oid VARCHAR, bytes BIGINT, records BIGINT);`,
    `CREATE TABLE ${within}._bad_lines (number INTEGER, path VARCHAR, line BIGINT, found VARCHAR);`,
  ];
}

function columnList(kind: Kind): string {
  return columnsOf(kind)
    .map(({ name, type }) => `"${name}" ${type}`)
    .join(', ');
}

export async function createTables(connection: DuckDBConnection, within: string): Promise<void> {
  const shape = `CREATE TABLE ${within}._shape AS SELECT '${currentShape()}' AS shape;`;
  await connection.run([...tables(within), shape].join('\n'));
}

/** True when the tables of a catalog are those of this version, all of them. */
export async function hasShape(connection: DuckDBConnection, catalog: string): Promise<boolean> {
  const rows = await rowsOf<{ shape: string }>(connection, `SELECT shape FROM ${catalog}.main._shape`);
  const found = await rowsOf<{ name: string }>(
    connection,
    'SELECT table_name AS name FROM duckdb_tables() WHERE database_name = $catalog',
    { catalog },
  );
  const there = new Set(found.map(({ name }) => name));
  return rows[0]?.shape === currentShape() && kinds.every(({ name }) => there.has(name));
}

/** Changes whenever any column of any table does. */
function currentShape(): string {
  return contentKey(tables('main'));
}
