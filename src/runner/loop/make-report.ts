import type { PassContext } from '../../ledger/controller.ts';
import { withAnalysis } from '../open-analysis.ts';
import { readStatus } from '../read-status.ts';
import type { IsoWeek } from './iso-week.ts';
import { readReportFacts } from './read-report-facts.ts';
import { renderReport } from './render-report.ts';
import { reportCharts } from './report-charts.ts';
import type { ReportFacts } from './report-facts.ts';

/** Where reports lie, in the history of the ledger branch. */
export const REPORTS = 'artifacts/reports';

/** A report with its pictures: files by path. */
export interface Report {
  readonly week: string;
  readonly path: string;
  readonly files: ReadonlyMap<string, string>;
  /** Nothing came in, and nothing went otherwise than it should. */
  readonly empty: boolean;
}

export interface ReportOptions {
  /** The newest report also says how things stand now, which is in no record; one of a week that is over does not. */
  readonly newest: boolean;
  readonly signal?: AbortSignal;
}

/** The reports of some weeks, from the history as it is. Changes nothing. */
export async function makeReports(
  context: PassContext,
  weeks: readonly (ReportOptions & { readonly week: IsoWeek })[],
): Promise<Report[]> {
  const signal = weeks.find((one) => one.signal !== undefined)?.signal;
  return withAnalysis(
    context,
    { sql: '', ...(signal === undefined ? {} : { signal }) },
    async ({ connection }) => {
      const reports: Report[] = [];
      for (const { week, newest } of weeks) {
        const facts = await readReportFacts(connection, week);
        const charts = await reportCharts(week, facts);
        const now = newest ? await presentOf(context) : undefined;
        const path = `${REPORTS}/${week.name}.md`;
        const text = renderReport({ week, facts, charts, now });
        const pictures = charts.map((chart) => [`${REPORTS}/${chart.path}`, chart.svg] as const);
        const files = new Map([[path, text], ...pictures]);
        reports.push({ week: week.name, path, files, empty: isEmpty(facts) });
      }
      return reports;
    },
  );
}

function isEmpty({ records_by_kind: kinds, schedule_runs: runs }: ReportFacts): boolean {
  return runs.length === 0 && kinds.every(({ this_week: n }) => n === 0);
}

async function presentOf(context: PassContext) {
  const { rejected, queue, bad_personas, waits } = await readStatus(context, { anywhere: true });
  return { rejected, dead: queue.dead ?? 0, bad_personas, waits };
}
