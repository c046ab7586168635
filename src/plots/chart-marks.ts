import type { Markish } from '@observablehq/plot';
import { type ChartLayout, TICK_SIZE } from './chart-layout.ts';
import { numberLabel } from './number-label.ts';
import { palette } from './palette.ts';
import type { PlotPlan } from './plan-plot.ts';
import type { PlacedPoint, PlotShape } from './plot-shape.ts';
import { seriesColor } from './series-color.ts';

type PlotLibrary = typeof import('@observablehq/plot');

/** More dots than these on a line hide the line; more titles than these only make the file large. */
const FEW = 80;
const MOST_TITLES = 500;

/** The bars, lines or dots of a chart. */
export function chartMarks(
  plot: PlotLibrary,
  plan: PlotPlan,
  shape: PlotShape,
  layout: ChartLayout,
): Markish[] {
  const color = seriesColor(plan);
  const paint = ({ point }: PlacedPoint): string => color(point.series);
  const title = shape.points.length > MOST_TITLES ? undefined : titleOf(plan);
  const x = ({ at }: PlacedPoint): number => at;
  const y = ({ point }: PlacedPoint): number => point.y;
  if (plan.mark === 'bar') return bars(plot, plan, shape, layout, paint);
  // Those without a colour of their own are drawn first, so that they cover nothing.
  const points = [...shape.points].sort((a, b) => rank(plan, b) - rank(plan, a));
  const dot = { x, y, fill: paint, ...(title === undefined ? {} : { title }) };
  if (plan.mark === 'dot') {
    return [plot.dot(points, { ...dot, r: 4, fillOpacity: 0.8, stroke: palette.paper, strokeWidth: 0.75 })];
  }
  const line = plot.line(points, { x, y, z: ({ point }) => point.series, stroke: paint, strokeWidth: 2 });
  return points.length > FEW ? [line] : [line, plot.dot(points, { ...dot, r: 3 })];
}

function rank({ series }: PlotPlan, { point }: PlacedPoint): number {
  const index = series.indexOf(point.series);
  return index === -1 ? series.length : index;
}

function bars(
  plot: PlotLibrary,
  plan: PlotPlan,
  { points }: PlotShape,
  { horizontal }: ChartLayout,
  fill: (placed: PlacedPoint) => string,
): Markish[] {
  const start = ({ from }: PlacedPoint): number => from;
  const end = ({ to }: PlacedPoint): number => to;
  const y = ({ point }: PlacedPoint): number => point.y;
  const look = { fill, title: titleOf(plan) };
  if (!horizontal) return [plot.rect(points, { x1: start, x2: end, y1: 0, y2: y, ...look })];
  const amounts = (side: 'start' | 'end', shown: readonly PlacedPoint[]): Markish =>
    plot.text(shown, {
      x: y,
      y: ({ from, to }: PlacedPoint) => (from + to) / 2,
      text: ({ point }: PlacedPoint) => numberLabel(point.y),
      textAnchor: side,
      dx: side === 'start' ? 5 : -5,
      fontSize: TICK_SIZE - 1,
      fill: palette.text,
    });
  return [
    plot.rect(points, { y1: start, y2: end, x1: 0, x2: y, ...look }),
    amounts(
      'start',
      points.filter(({ point }) => point.y >= 0),
    ),
    amounts(
      'end',
      points.filter(({ point }) => point.y < 0),
    ),
  ];
}

function titleOf({ axis }: PlotPlan): (placed: PlacedPoint) => string {
  return ({ point: { x, y, series } }) => {
    const place =
      axis === 'time' ? new Date(Number(x)).toISOString().replace('T00:00:00.000Z', '') : String(x);
    return [place, ...(series === '' || series === place ? [] : [series]), numberLabel(y)].join(' · ');
  };
}
