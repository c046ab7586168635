import type { PlotMark } from './plot-request.ts';
import type { PlacedPoint, PlotShape } from './plot-shape.ts';

/** As many points as a picture can show: more dots than these only cover one another. */
const MOST = { bar: Number.POSITIVE_INFINITY, line: 16_000, dot: 6000 } as const;

/**
 * The points without those that nobody could see, at a picture of `columns` by `lines` places: of a line, each column
 * keeps its first, last, lowest and highest point of each series; of dots, one for each place and series. Where that
 * is not enough, the places grow. Few points stay as they are.
 */
export function thinPoints(shape: PlotShape, mark: PlotMark, columns: number, lines: number): PlotShape {
  let points = shape.points;
  for (let size = 1; points.length > MOST[mark] && size <= columns; size *= 2) {
    const column = scale(shape.x, columns / size);
    const line = scale(shape.y, lines / size);
    points = mark === 'line' ? thinLine(points, column) : thinDots(points, column, line);
  }
  return { ...shape, points };
}

function scale([from, to]: readonly [number, number], places: number): (value: number) => number {
  return (value) => Math.round(((value - from) / (to - from)) * places);
}

function thinLine(points: readonly PlacedPoint[], column: (value: number) => number): PlacedPoint[] {
  const groups = new Map<string, PlacedPoint[]>();
  for (const placed of points) {
    const key = `${column(placed.at)} ${placed.point.series}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [placed]);
    else group.push(placed);
  }
  return [...groups.values()].flatMap(ends);
}

/** First, lowest, highest and last, in the order in which they stand. */
function ends(group: readonly PlacedPoint[]): PlacedPoint[] {
  let [low, high] = [0, 0];
  group.forEach(({ point }, index) => {
    if (point.y < (group[low]?.point.y ?? 0)) low = index;
    if (point.y > (group[high]?.point.y ?? 0)) high = index;
  });
  const kept = [...new Set([0, low, high, group.length - 1])].sort((a, b) => a - b);
  return kept.flatMap((index) => group[index] ?? []);
}

function thinDots(
  points: readonly PlacedPoint[],
  column: (value: number) => number,
  line: (value: number) => number,
): PlacedPoint[] {
  const first = new Map<string, PlacedPoint>();
  for (const placed of points) {
    const key = `${column(placed.at)} ${line(placed.point.y)} ${placed.point.series}`;
    if (!first.has(key)) first.set(key, placed);
  }
  return [...first.values()];
}
