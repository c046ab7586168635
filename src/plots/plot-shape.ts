import type { PlotPlan } from './plan-plot.ts';
import type { PlotPoint } from './read-points.ts';

/** A point with its place on the x axis; bars reach from one place to another. */
export interface PlacedPoint {
  readonly point: PlotPoint;
  /** Milliseconds, a number, or the index of a name. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** Where things stand, before pixels. */
export interface PlotShape {
  readonly points: readonly PlacedPoint[];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

const DAY_MS = 86_400_000;
/** Of the room between two bars, this much is bar. */
const FILLED = 0.8;
/** Bars are never thinner than this part of the axis: they would vanish. */
const THINNEST = 1 / 400;

/** Places the points of a plan and says what the axes cover. Pure. */
export function plotShape(plan: PlotPlan): PlotShape {
  const at = placeOf(plan);
  const places = plan.points.map((point) => at(point.x));
  const [low, high] = rangeOf(places);
  const width = plan.mark === 'bar' ? barWidth(plan, places, high - low) : 0;
  const part = partOf(plan, width);
  const points = plan.points.map((point, index) => {
    const place = places[index] ?? 0;
    const [from, to] = part(point.series);
    return { point, at: place, from: place + from, to: place + to };
  });
  return { points, x: xRange(plan, low - width * 0.7, high + width * 0.7), y: yRange(plan) };
}

function placeOf({ names }: PlotPlan): (x: number | string) => number {
  const places = new Map(names.map((name, index) => [name, index]));
  return (x) => (typeof x === 'number' ? x : (places.get(x) ?? 0));
}

/** A name has a band of 1; bars of time or numbers are as wide as the smallest step between two of them. */
function barWidth({ axis }: PlotPlan, places: readonly number[], range: number): number {
  if (axis === 'text') return FILLED;
  const different = [...new Set(places)].sort((a, b) => a - b);
  const steps = different.slice(1).map((place, index) => place - (different[index] ?? place));
  const step = steps.reduce((least, next) => Math.min(least, next), Number.POSITIVE_INFINITY);
  if (!Number.isFinite(step)) return axis === 'time' ? DAY_MS * FILLED : FILLED;
  return Math.max(step * FILLED, range * THINNEST);
}

/** Bars of several series stand side by side; where each place has one series only, its bar has all the room. */
function partOf(plan: PlotPlan, width: number): (series: string) => readonly [number, number] {
  const alone = new Set(plan.points.map(({ x }) => x)).size === plan.points.length;
  const parts = new Map(plan.series.map((name, index) => [name, index]));
  const one = alone ? width : width / parts.size;
  return (series) => {
    const start = alone ? -width / 2 : (parts.get(series) ?? 0) * one - width / 2;
    return [start, start + one];
  };
}

function xRange({ axis, names, mark }: PlotPlan, low: number, high: number): [number, number] {
  if (axis === 'text') return [-0.5, names.length - 0.5];
  if (low === high) {
    const room = axis === 'time' ? DAY_MS / 2 : Math.max(1, Math.abs(low)) / 2;
    return [low - room, high + room];
  }
  const margin = mark === 'dot' ? (high - low) * 0.02 : 0;
  return [low - margin, high + margin];
}

/** From zero for bars, and wherever zero is near: a cut axis makes small differences look large. */
function yRange({ mark, points }: PlotPlan): [number, number] {
  const [low, high] = rangeOf(points.flatMap(({ y, bounds = [] }) => [y, ...bounds]));
  const far = mark !== 'bar' && (low > 0 ? low > high / 2 : high < low / 2);
  const range: [number, number] = far ? [low, high] : [Math.min(0, low), Math.max(0, high)];
  if (range[0] !== range[1]) return range;
  const room = Math.max(1, Math.abs(low)) / 2;
  return low === 0 ? [0, 1] : [low - room, high + room];
}

function rangeOf(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
