import type { DuckDBConnection } from '@duckdb/node-api';
import { queryText } from '../../history/query-text.ts';
import type { PassContext } from '../../ledger/controller.ts';
import type { Baseline } from './baseline.ts';
import type { ExplainedRecord } from './explained-record.ts';

/** Room for a secret that begins before the place where a text is cut. Characters. */
const LONGEST_SECRET = 8_000;

/** What the history says of records, and of the personas that they are of. */
export interface ExplainedRecords {
  readonly records: readonly ExplainedRecord[];
  /** By persona, over the window of the analysis. */
  readonly baselines: ReadonlyMap<string, Baseline>;
}

/** The outcomes with these ids, those first that say most. Much longer notes than are shown are cut. */
export async function readExplainedRecords(
  { workspace }: PassContext,
  ids: readonly string[],
): Promise<ExplainedRecords> {
  // DuckDB is loaded here and not before: most passes have nothing to explain.
  const { openHistory } = await import('../../history/open-history.ts');
  const { historyOptions } = await import('../../history/history-options.ts');
  const history = await openHistory((await workspace.log.tip()).snapshot, historyOptions(workspace));
  try {
    // Secrets are masked before a text is cut: a part of one would not be known.
    const chars = workspace.settings.explain.max_record_chars + LONGEST_SECRET;
    const ask = askerOf(history.connection);
    const parameters = { ids: JSON.stringify(ids), chars };
    const records = ids.length === 0 ? [] : await ask<ExplainedRecord>('explain_records', parameters);
    const days = workspace.settings.analysis.window_days;
    const rows = await ask<BaselineRow>('explain_baselines', { days });
    return { records, baselines: new Map(rows.map((row) => [row.persona_id, baselineOf(row)])) };
  } finally {
    history.close();
  }
}

function askerOf(connection: DuckDBConnection) {
  return async <Row>(name: string, parameters: Readonly<Record<string, string | number>>): Promise<Row[]> => {
    const { rowsOf } = await import('../../history/rows.ts');
    return rowsOf<Row>(connection, await queryText('feedback/queries', name), parameters);
  };
}

interface BaselineRow {
  readonly persona_id: string;
  readonly runs: number;
  readonly accepted: number;
}

function baselineOf({ runs, accepted }: BaselineRow): Baseline {
  return { rate: Math.round((accepted / runs) * 1e6) / 1e6, runs };
}
