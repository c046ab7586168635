import { checkColumns } from './check-columns.ts';
import { cleanText } from './clean-text.ts';
import type { PlotMark, PlotRequest } from './plot-request.ts';
import { type AxisKind, type PlotPoint, readPoints } from './read-points.ts';

/** More names than these cannot be read on one picture. */
const MOST_NAMES = 50;
/** Bars of time or numbers; more of them are thinner than a line. */
const MOST_BARS = 300;
/** As many as there are colours that everybody can tell apart. */
const MOST_SERIES = 8;
/** With those that share one grey. */
const MOST_OTHERS = 200;

/** Everything that is decided about a picture before a line of it is drawn. */
export interface PlotPlan {
  readonly mark: PlotMark;
  readonly axis: AxisKind;
  /** Bars: one for each x and series, in the order of the rows. Lines: sorted by x. */
  readonly points: readonly PlotPoint[];
  /** The values of x when they are text, in the order of the rows. Empty otherwise. */
  readonly names: readonly string[];
  /** The series that have a colour of their own, in the order of the rows. `['']` without a colour column. */
  readonly series: readonly string[];
  /** How many more series there are; they share one grey. */
  readonly otherSeries: number;
  /** What the picture does not show of the rows, in sentences for its reader. */
  readonly notes: readonly string[];
}

/** Decides what to draw. Fails with `plot-no-rows`, `plot-no-column` or `plot-not-numeric`. Pure. */
export function planPlot(request: PlotRequest): PlotPlan {
  checkColumns(request);
  const { axis, points: all, leftOut } = readPoints(request);
  const wanted = request.mark ?? ({ time: 'line', number: 'dot', text: 'bar' } as const)[axis];
  const places = new Set(all.map(({ x }) => x)).size;
  const mark = wanted === 'bar' && axis !== 'text' && places > MOST_BARS ? 'line' : wanted;
  const series = limited(
    all.map((point) => point.series),
    MOST_SERIES,
  );
  const drawable = limited(
    all.map((point) => point.series),
    mark === 'bar' ? MOST_SERIES : MOST_OTHERS,
  );
  const inSeries = all.filter((point) => drawable.has(point.series));
  // A name without anything to show would read as zero.
  const names =
    axis === 'text'
      ? limited(
          inSeries.map(({ x }) => String(x)),
          MOST_NAMES,
        )
      : everything;
  const shown = inSeries.filter((point) => names.has(String(point.x)));
  return {
    mark,
    axis,
    points: mark === 'bar' ? sums(shown) : mark === 'line' ? sorted(shown, names.kept) : shown,
    names: names.kept,
    series: series.kept,
    otherSeries: drawable.kept.length - series.kept.length,
    notes: [
      ...leftOutNote(request, leftOut),
      ...(mark === wanted ? [] : [`${places} bars could not be told apart: they are drawn as a line.`]),
      ...cutNote(request.x, names),
      ...cutNote(request.color ?? '', drawable),
      ...sharedNote(request, mark, shown),
    ],
  };
}

interface Limited {
  readonly kept: readonly string[];
  readonly total: number;
  has(name: string): boolean;
}

const everything: Limited = { kept: [], total: 0, has: () => true };

function limited(values: readonly string[], most: number): Limited {
  const names = new Set(values);
  const kept = [...names].slice(0, most);
  const set = new Set(kept);
  return { kept, total: names.size, has: (name) => set.has(name) };
}

/** Two bars in one place would hide one another: rows that share both x and series become one bar. */
function sums(points: readonly PlotPoint[]): PlotPoint[] {
  const bars = new Map<string, PlotPoint>();
  for (const point of points) {
    const key = JSON.stringify([point.x, point.series]);
    const earlier = bars.get(key);
    // The interval of a sum is nobody's.
    bars.set(
      key,
      earlier === undefined ? point : { x: point.x, series: point.series, y: earlier.y + point.y },
    );
  }
  return [...bars.values()];
}

function sorted(points: readonly PlotPoint[], names: readonly string[]): PlotPoint[] {
  const place = new Map(names.map((name, index) => [name, index]));
  const at = ({ x }: PlotPoint): number => (typeof x === 'number' ? x : (place.get(x) ?? 0));
  return [...points].sort((a, b) => at(a) - at(b));
}

function leftOutNote({ rows, x, y }: PlotRequest, leftOut: number): string[] {
  if (leftOut === 0) return [];
  return [
    `${leftOut} of ${rows.length} rows left out: they have no value of ${cleanText(x)} or ${cleanText(y)}.`,
  ];
}

function cutNote(column: string, { kept, total }: Limited): string[] {
  if (total === kept.length) return [];
  return [
    `The first ${kept.length} of ${total} values of ${cleanText(column)}; order or group the rows to choose.`,
  ];
}

function sharedNote({ x, y }: PlotRequest, mark: PlotMark, shown: readonly PlotPoint[]): string[] {
  const places = new Set(shown.map((point) => JSON.stringify([point.x, point.series])));
  if (mark === 'dot' || places.size === shown.length) return [];
  return mark === 'bar'
    ? [`Bars are sums of ${cleanText(y)}: several rows share a value of ${cleanText(x)}.`]
    : [`Several rows share a value of ${cleanText(x)}: the line goes through all of them.`];
}
