import { cleanText } from './clean-text.ts';
import { displayWidth } from './display-width.ts';
import { numberLabel } from './number-label.ts';
import { padToWidth } from './pad-to-width.ts';
import { type PlotPlan, planPlot } from './plan-plot.ts';
import type { PlotRequest } from './plot-request.ts';
import type { PlotPoint } from './read-points.ts';
import { terminalBar } from './terminal-bar.ts';
import { terminalSeries } from './terminal-series.ts';

/** Nothing can be read in less. */
const NARROWEST = 30;
/** More bars of time or numbers than these become a sparkline. */
const MOST_BARS = 50;

/**
 * The rows as plain text of at most `columns` columns (never fewer than 30): a labelled bar for each text of x, else
 * a sparkline for each series. No colours, no trailing line end. Fails as `planPlot` does.
 */
export function terminalPlot(request: PlotRequest, columns: number): string {
  const plan = planPlot(request);
  const width = Math.max(NARROWEST, Math.floor(columns));
  const asBars = plan.mark === 'bar' && (plan.axis === 'text' || plan.points.length <= MOST_BARS);
  const hidden = plan.otherSeries === 0 ? [] : [`${plan.otherSeries} more series are not shown.`];
  const lines = [
    ...headings(request, plan),
    ...(asBars ? bars(plan, width) : terminalSeries(plan, width)),
    ...[...plan.notes, ...hidden].flatMap((note) => wrapped(note, width)),
  ];
  return lines.map((line) => padToWidth(line, width).trimEnd()).join('\n');
}

function headings({ title, x, y }: PlotRequest, plan: PlotPlan): string[] {
  const range = plan.axis === 'text' ? '' : `, ${rangeText(plan)}`;
  const axes = `${cleanText(y)} by ${cleanText(x)}${range}`;
  return title === undefined ? [axes] : [cleanText(title), axes];
}

function rangeText({ axis, points }: PlotPlan): string {
  const values = points.map(({ x }) => Number(x));
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const shown = axis === 'time' ? timeText : numberLabel;
  return `${shown(low)} to ${shown(high)}`;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/T00:00:00\.000Z$|:00\.000Z$|\.\d+Z$/, '');
}

function bars(plan: PlotPlan, columns: number): string[] {
  const labels = plan.points.map((point) => barLabel(plan, point));
  const amounts = plan.points.map(({ y }) => numberLabel(y));
  const label = Math.min(Math.max(...labels.map(displayWidth)), Math.floor(columns / 3));
  const amount = Math.max(...amounts.map((text) => text.length));
  const low = Math.min(0, ...plan.points.map(({ y }) => y));
  const high = Math.max(0, ...plan.points.map(({ y }) => y));
  const room = columns - label - amount - 2;
  return plan.points.map(({ y }, index) => {
    const name = padToWidth(labels[index] ?? '', label);
    return `${name} ${(amounts[index] ?? '').padStart(amount)} ${terminalBar(y, low, high, room)}`;
  });
}

function barLabel({ axis }: PlotPlan, { x, series }: PlotPoint): string {
  const place =
    axis === 'time' ? timeText(Number(x)) : axis === 'number' ? numberLabel(Number(x)) : String(x);
  return series === '' || series === place ? place : `${place} · ${series}`;
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && displayWidth(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
