import { type DuckDBConnection, DuckDBInstance, listValue } from '@duckdb/node-api';
import { type OutcomeFigures, readOutcomes } from '../../src/feedback/read-outcomes.ts';
import { recordedFile } from './recorded-outcomes.ts';

const WINDOW_DAYS = 28;

/** The recorded outcomes as the table that the analysis reads: what the mapping of the demo makes of them. */
export async function recordedTable(): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `CREATE TABLE recorded AS SELECT
       model || ' ' || instance_id AS id, 'solver' AS persona_id, '1.0.0' AS persona_version, model, repo AS domain,
       CASE WHEN resolved THEN 'accepted' ELSE 'rejected' END AS outcome, cost_usd,
       instance_id AS idea_id, instance_id AS paired_key,
       TIMESTAMP '2026-11-01' AS emitted_at, TIMESTAMP '2026-11-01' AS recorded_at,
       []::VARCHAR[] AS bullets_helpful, []::VARCHAR[] AS bullets_harmful
     FROM read_json($file, format = 'newline_delimited')`,
    { file: recordedFile },
  );
  return connection;
}

/** What the product's own queries say of some of the instances. */
export async function halfFigures(
  connection: DuckDBConnection,
  instances: readonly string[],
): Promise<OutcomeFigures> {
  await connection.run(
    'CREATE OR REPLACE TEMP TABLE outcome AS SELECT * FROM recorded WHERE list_contains($instances, paired_key)',
    { instances: listValue([...instances]) },
  );
  return readOutcomes(connection, WINDOW_DAYS);
}
