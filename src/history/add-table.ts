import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, quoted } from './sql-text.ts';

/** A table that is computed at the time of asking, such as the live queue. */
export interface LiveTable {
  readonly name: string;
  readonly summary: string;
  /** `type` as DuckDB writes it. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly text: string }[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Makes a table with these rows. What a row does not name is null. */
export async function addTable(
  connection: DuckDBConnection,
  { name, columns, rows }: LiveTable,
): Promise<void> {
  const list = columns.map((column) => `${identifier(column.name)} ${column.type}`).join(', ');
  await connection.run(`CREATE TABLE ${identifier(name)} (${list})`);
  if (rows.length === 0) return;
  const shape = JSON.stringify([Object.fromEntries(columns.map((column) => [column.name, column.type]))]);
  await connection.run(
    `INSERT INTO ${identifier(name)} BY NAME SELECT unnest(from_json($1::JSON, ${quoted(shape)}), recursive := true)`,
    [JSON.stringify(rows)],
  );
}
