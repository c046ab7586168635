import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

/** The rows of a query as plain objects. 64-bit integers become numbers, timestamps ISO text. */
export async function rowsOf<Row>(
  connection: DuckDBConnection,
  sql: string,
  parameters: Record<string, DuckDBValue> = {},
): Promise<Row[]> {
  const result = await connection.runAndReadAll(sql, parameters);
  return result.getRowObjectsJS().map((row) => plainRow(row)) as Row[];
}

/** A row of DuckDB in plain values. */
export function plainRow(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}
