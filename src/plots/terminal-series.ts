import { displayWidth } from './display-width.ts';
import { numberLabel } from './number-label.ts';
import { padToWidth } from './pad-to-width.ts';
import type { PlotPlan } from './plan-plot.ts';
import type { PlotPoint } from './read-points.ts';
import { sparkline } from './sparkline.ts';

/** Shorter sparklines say nothing: the figures then stand below. */
const SHORTEST = 12;
const MANY = 1000;

/** A sparkline for each series that has a colour, with its least, greatest and last value. All share the places of x. */
export function terminalSeries(plan: PlotPlan, columns: number): string[] {
  const place = placesOf(plan);
  const series = plan.series.map((name) => {
    const points = plan.points.filter((point) => point.series === name);
    return { name, points: points.sort((a, b) => place(a) - place(b)) };
  });
  const figures = alignedFigures(series.map(({ points }) => points.map(({ y }) => y)));
  const longest = Math.max(...series.map(({ name }) => displayWidth(name)));
  const label = Math.min(longest, Math.floor(columns / 3));
  const start = label === 0 ? 0 : label + 1;
  const beside = columns - start - displayWidth(figures[0] ?? '') - 2;
  const width = beside >= SHORTEST ? beside : columns - start;
  const places = plan.points.reduce((most, point) => Math.max(most, place(point) + 1), 1);
  const used = Math.min(width, places);
  return series.flatMap(({ name, points }, index) => {
    const values = means(
      points.map((point) => ({ at: place(point), y: point.y })),
      places,
      used,
    );
    const line = (label === 0 ? '' : `${padToWidth(name, label)} `) + sparkline(values);
    const text = figures[index] ?? '';
    return beside >= SHORTEST ? [`${line}  ${text}`] : [line, padToWidth(text.trim(), columns).trimEnd()];
  });
}

/** Few different values of x stand one beside the other; many are spread over a thousand places of the axis. */
function placesOf({ points, names }: PlotPlan): (point: PlotPoint) => number {
  const order = new Map(names.map((name, index) => [name, index]));
  const at = ({ x }: PlotPoint): number => (typeof x === 'number' ? x : (order.get(x) ?? 0));
  const different = [...new Set(points.map(at))].sort((a, b) => a - b);
  if (different.length <= MANY) {
    const ranks = new Map(different.map((value, index) => [value, index]));
    return (point) => ranks.get(at(point)) ?? 0;
  }
  const [low, high] = [different[0] ?? 0, different.at(-1) ?? 0];
  return (point) => ((at(point) - low) / (high - low)) * (MANY - 1);
}

/** The mean of y in each of `columns` columns; null where nothing is. */
function means(
  points: readonly { readonly at: number; readonly y: number }[],
  places: number,
  columns: number,
): (number | null)[] {
  const sums = Array.from({ length: columns }, () => ({ sum: 0, count: 0 }));
  for (const { at, y } of points) {
    const column = sums[Math.min(columns - 1, Math.floor((at / places) * columns))];
    if (column === undefined) continue;
    column.sum += y;
    column.count += 1;
  }
  return sums.map(({ sum, count }) => (count === 0 ? null : sum / count));
}

/** `min 1  max 9  last 4` of each series, the figures of all of them below one another. */
function alignedFigures(series: readonly (readonly number[])[]): string[] {
  const figures = series.map((values) => ({
    min: numberLabel(values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)),
    max: numberLabel(values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)),
    last: numberLabel(values.at(-1) ?? 0),
  }));
  const widest = (name: 'min' | 'max' | 'last'): number =>
    Math.max(...figures.map((one) => one[name].length));
  const [min, max, last] = [widest('min'), widest('max'), widest('last')];
  return figures.map(
    (one) => `min ${one.min.padStart(min)}  max ${one.max.padStart(max)}  last ${one.last.padStart(last)}`,
  );
}
