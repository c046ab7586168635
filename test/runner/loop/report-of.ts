import { parseWeek } from '../../../src/runner/loop/iso-week.ts';
import { readReportFacts } from '../../../src/runner/loop/read-report-facts.ts';
import { renderReport } from '../../../src/runner/loop/render-report.ts';
import { type ReportChart, reportCharts } from '../../../src/runner/loop/report-charts.ts';
import { allViews } from '../../../src/runner/views.ts';
import { memoryHistory, type Records } from '../../history/memory-history.ts';

/** The report of a week over these records alone, with its pictures. */
export async function reportOf(
  records: Records,
  name = '2026-W47',
): Promise<{ text: string; charts: ReportChart[] }> {
  using history = await memoryHistory(await allViews());
  await history.fill(records);
  const week = parseWeek(name);
  const facts = await readReportFacts(history.connection, week);
  const charts = await reportCharts(week, facts);
  return { text: renderReport({ week, facts, charts }), charts };
}
