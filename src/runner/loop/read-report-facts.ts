import type { DuckDBConnection } from '@duckdb/node-api';
import { queryText } from '../../history/query-text.ts';
import { rowsOf } from '../../history/rows.ts';
import type { IsoWeek } from './iso-week.ts';
import type { ReportFacts } from './report-facts.ts';

/** Everything that the history knows about a week: the same history gives the same facts, in the same order. */
export async function readReportFacts(connection: DuckDBConnection, week: IsoWeek): Promise<ReportFacts> {
  const bounds = { from: week.from.toISOString(), to: week.to.toISOString() };
  const ask = async <Name extends keyof ReportFacts>(name: Name): Promise<ReportFacts[Name]> => {
    const sql = await queryText('runner/loop/queries', name);
    const used = Object.entries(bounds).filter(([parameter]) => sql.includes(`$${parameter}::`));
    // Each row is one of a query that stands beside the type of its rows.
    return (await rowsOf(connection, sql, Object.fromEntries(used))) as unknown as ReportFacts[Name];
  };
  return {
    records_by_kind: await ask('records_by_kind'),
    outcomes_by_persona: await ask('outcomes_by_persona'),
    success_by_week: await ask('success_by_week'),
    cost_by_week: await ask('cost_by_week'),
    analyses: await ask('analyses'),
    findings: await ask('findings'),
    explanations: await ask('explanations'),
    patches: await ask('patches'),
    proposals: await ask('proposals'),
    effects: await ask('effects'),
    calibration: await ask('calibration'),
    model_calls: await ask('model_calls'),
    replays: await ask('replays'),
    health: await ask('health'),
    schedule_runs: await ask('schedule_runs'),
  };
}
