import type { PlotRequest } from '../../plots/plot-request.ts';
import { renderSvg } from '../../plots/render-svg.ts';
import { type IsoWeek, weekOf } from './iso-week.ts';
import type { ReportFacts } from './report-facts.ts';

/** A picture of a report, as a file of its own beside it. */
export interface ReportChart {
  /** From the folder of the report. */
  readonly path: string;
  readonly section: 'came in' | 'effects' | 'cost';
  /** For those who cannot see it. Fixed words: nothing of a record. */
  readonly alt: string;
  readonly svg: string;
}

/** The pictures that there is something to draw for. The same facts give the same bytes. */
export async function reportCharts(week: IsoWeek, facts: ReportFacts): Promise<ReportChart[]> {
  const drawings = [successChart(facts), kindsChart(facts), effectsChart(facts), costChart(facts)];
  const wanted = drawings.filter(({ request }) => request.rows.length > 0);
  return Promise.all(
    wanted.map(async ({ file, request, ...words }) => ({
      ...words,
      path: `${week.name}/${file}.svg`,
      svg: await renderSvg(request),
    })),
  );
}

interface Drawing extends Pick<ReportChart, 'section' | 'alt'> {
  readonly file: string;
  readonly request: PlotRequest;
}

/** One week alone has no course: its personas stand beside one another. */
function successChart({ success_by_week: weeks }: ReportFacts): Drawing {
  const rate = 'success, percent';
  const single = new Set(weeks.map(({ week }) => week)).size < 2;
  const rows = weeks.map(({ week, persona, runs, accepted }) => ({
    week: weekOf(new Date(week)).name,
    persona,
    [rate]: Math.round((1_000 * accepted) / runs) / 10,
  }));
  return {
    file: 'success-by-week',
    section: 'came in',
    alt: 'Success of the busiest personas by week, percent of their runs, over the last twelve weeks',
    request: single
      ? { rows, x: 'persona', y: rate, mark: 'bar', title: 'Success by persona' }
      : { rows, x: 'week', y: rate, color: 'persona', mark: 'line', title: 'Success by week of work' },
  };
}

function kindsChart({ records_by_kind: kinds }: ReportFacts): Drawing {
  const total = kinds.reduce((sum, { this_week: n }) => sum + n, 0);
  const rows = kinds.flatMap(({ kind, this_week: now, week_before: before }) => [
    { kind, records: now, when: 'this week' },
    { kind, records: before, when: 'the week before' },
  ]);
  return {
    file: 'records-by-kind',
    section: 'came in',
    alt: 'Records by kind, this week and the week before',
    request: {
      rows: total === 0 ? [] : rows,
      x: 'kind',
      y: 'records',
      color: 'when',
      mark: 'bar',
      title: 'Records by kind',
    },
  };
}

/** Each change in a column: what was promised, and what was seen with its interval. */
function effectsChart({ effects }: ReportFacts): Drawing {
  const difference = 'difference, points';
  const rows = effects.slice(0, 12).flatMap((one) => {
    const change = `${one.persona_id} ${one.treatment_version}`;
    const points = (share: number | null) => (share === null ? null : Math.round(1_000 * share) / 10);
    const [low, high] = [points(one.difference_low), points(one.difference_high)];
    const measured = { figure: 'measured, with its 90 % interval', value: points(one.difference), low, high };
    const promised = { figure: 'predicted', value: points(one.predicted) };
    return [measured, promised].flatMap(({ value, ...rest }) =>
      value === null ? [] : [{ change, [difference]: value, ...rest }],
    );
  });
  return {
    file: 'effects',
    section: 'effects',
    alt: 'Merged changes: predicted and measured difference of success, with the bounds of its 90 % interval, percentage points',
    request: {
      rows,
      x: 'change',
      y: difference,
      color: 'figure',
      low: 'low',
      high: 'high',
      mark: 'dot',
      title: 'What merged changes did',
    },
  };
}

function costChart({ cost_by_week: weeks }: ReportFacts): Drawing {
  const single = new Set(weeks.map(({ week }) => week)).size < 2;
  const rows = weeks.map(({ week, on, cost_usd: cost }) => ({
    week: weekOf(new Date(week)).name,
    'spent on': on,
    USD: cost,
  }));
  return {
    file: 'cost-by-week',
    section: 'cost',
    alt: 'What was spent by week, USD, on work of agents, calls of models and replays, over the last twelve weeks',
    request: single
      ? { rows, x: 'spent on', y: 'USD', mark: 'bar', title: 'What was spent' }
      : { rows, x: 'week', y: 'USD', color: 'spent on', mark: 'line', title: 'What was spent, by week' },
  };
}
