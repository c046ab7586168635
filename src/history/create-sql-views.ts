import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier } from './sql-text.ts';
import type { View } from './view-file.ts';

/**
 * Views on top of the tables, in the order given: each may use those before it.
 * @param within catalog and schema, such as `memory.main`
 */
export async function createSqlViews(
  connection: DuckDBConnection,
  views: readonly View[],
  within = 'memory.main',
): Promise<void> {
  // A view keeps the tables that its names meant when it was made.
  const all = views.map(({ name, sql }) => `CREATE VIEW ${identifier(name)} AS ${sql};`);
  await connection.run(`USE ${within}; ${all.join('\n')} USE memory.main;`);
}
