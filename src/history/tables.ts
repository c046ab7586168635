import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { contentKey } from '../contracts/ids.ts';
import { kinds } from '../contracts/kinds.ts';
import { columnsOf } from './columns.ts';

/** One table a kind; which blob each segment was read from; and the lines that could not be read. */
function tables(): string[] {
  return [
    ...kinds.map((kind) => {
      const columns = columnsOf(kind).map(({ name, type }) => `"${name}" ${type}`);
      return `CREATE TABLE IF NOT EXISTS "${kind.name}" (${[...columns, '_segment VARCHAR'].join(', ')});`;
    }),
    'CREATE TABLE IF NOT EXISTS _segments (kind VARCHAR, path VARCHAR, oid VARCHAR);',
    'CREATE TABLE IF NOT EXISTS _bad_lines (path VARCHAR, line INTEGER, found VARCHAR);',
  ];
}

export async function createTables(connection: DuckDBConnection): Promise<void> {
  const shape = `CREATE TABLE IF NOT EXISTS _shape AS SELECT '${currentShape()}' AS shape;`;
  await connection.run(['BEGIN;', ...tables(), shape, 'COMMIT;'].join('\n'));
}

/** True for a database that is empty or has just these tables. */
export async function hasShape(instance: DuckDBInstance): Promise<boolean> {
  const connection = await instance.connect();
  try {
    const names = await connection.runAndReadAll('SELECT table_name FROM information_schema.tables');
    if (names.currentRowCount === 0) return true;
    const there = new Set(names.getRows().map(([name]) => name));
    if (![...kinds.map(({ name }) => name), '_shape'].every((name) => there.has(name))) return false;
    const shape = await connection.runAndReadAll('SELECT shape FROM _shape');
    return shape.getRows()[0]?.[0] === currentShape();
  } finally {
    connection.closeSync();
  }
}

/** Changes whenever any column of any table does. */
function currentShape(): string {
  return contentKey(tables());
}
