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
  const beside = intervals(plot, points, { horizontal: false, stroke: paint, at: x });
  if (plan.mark === 'dot') {
    return [
      ...beside,
      plot.dot(points, { ...dot, r: 4, fillOpacity: 0.8, stroke: palette.paper, strokeWidth: 0.75 }),
    ];
  }
  const line = plot.line(points, { x, y, z: ({ point }) => point.series, stroke: paint, strokeWidth: 2 });
  const drawn = [...beside, line];
  return points.length > FEW ? drawn : [...drawn, plot.dot(points, { ...dot, r: 3 })];
}

/** Thin lines from bound to bound: upright, or lying beside bars that lie. */
function intervals(
  plot: PlotLibrary,
  points: readonly PlacedPoint[],
  { horizontal, stroke, at }: IntervalLook,
): Markish[] {
  const bounded = points.filter(({ point }) => point.bounds !== undefined);
  const low = ({ point }: PlacedPoint): number => point.bounds?.[0] ?? point.y;
  const high = ({ point }: PlacedPoint): number => point.bounds?.[1] ?? point.y;
  if (bounded.length === 0) return [];
  return horizontal
    ? [plot.ruleY(bounded, { y: at, x1: low, x2: high, stroke, strokeWidth: 1.5 })]
    : [plot.ruleX(bounded, { x: at, y1: low, y2: high, stroke, strokeWidth: 1.5 })];
}

interface IntervalLook {
  readonly horizontal: boolean;
  readonly stroke: string | ((placed: PlacedPoint) => string);
  at(placed: PlacedPoint): number;
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
  const middle = ({ from, to }: PlacedPoint): number => (from + to) / 2;
  const look = { fill, title: titleOf(plan) };
  const ranges = intervals(plot, points, { horizontal, stroke: palette.text, at: middle });
  if (!horizontal) return [plot.rect(points, { x1: start, x2: end, y1: 0, y2: y, ...look }), ...ranges];
  const amounts = (side: 'start' | 'end', shown: readonly PlacedPoint[]): Markish =>
    plot.text(shown, {
      x: y,
      y: middle,
      text: ({ point }: PlacedPoint) => numberLabel(point.y),
      textAnchor: side,
      dx: side === 'start' ? 5 : -5,
      fontSize: TICK_SIZE - 1,
      fill: palette.text,
    });
  return [
    plot.rect(points, { y1: start, y2: end, x1: 0, x2: y, ...look }),
    ...ranges,
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
  return ({ point: { x, y, series, bounds } }) => {
    const place =
      axis === 'time' ? new Date(Number(x)).toISOString().replace('T00:00:00.000Z', '') : String(x);
    return [
      place,
      ...(series === '' || series === place ? [] : [series]),
      bounds === undefined ? numberLabel(y) : `${numberLabel(y)} (${bounds.map(numberLabel).join(' to ')})`,
    ].join(' · ');
  };
}
