import { queryText } from '../../history/query-text.ts';
import type { PassContext } from '../../ledger/controller.ts';
import type { ExplainedRecord } from './explained-record.ts';

/** Room for a secret that begins before the place where a text is cut. Characters. */
const LONGEST_SECRET = 8_000;

/** The outcomes with these ids, those first that say most. Much longer notes than are shown are cut. */
export async function readExplainedRecords(
  { workspace }: PassContext,
  ids: readonly string[],
): Promise<ExplainedRecord[]> {
  if (ids.length === 0) return [];
  // DuckDB is loaded here and not before: most passes have nothing to explain.
  const { openHistory } = await import('../../history/open-history.ts');
  const { historyOptions } = await import('../../history/history-options.ts');
  const { rowsOf } = await import('../../history/rows.ts');
  const history = await openHistory((await workspace.log.tip()).snapshot, historyOptions(workspace));
  try {
    // Secrets are masked before a text is cut: a part of one would not be known.
    const chars = workspace.settings.explain.max_record_chars + LONGEST_SECRET;
    const parameters = { ids: JSON.stringify(ids), chars };
    return await rowsOf<ExplainedRecord>(
      history.connection,
      await queryText('feedback/queries', 'explain_records'),
      parameters,
    );
  } finally {
    history.close();
  }
}
