import { MillwrightError } from '../contracts/millwright-error.ts';
import { isMissing, numberOf, textOf, timeOf } from './cell-value.ts';
import { cleanText } from './clean-text.ts';
import { columnNames } from './column-names.ts';
import type { PlotRequest } from './plot-request.ts';

export type AxisKind = 'time' | 'number' | 'text';

export interface PlotPoint {
  /** Milliseconds since 1970 for time, a number, or text: one sort for all points. */
  readonly x: number | string;
  readonly y: number;
  /** The value of the colour column; "" when there is none. */
  readonly series: string;
  /** Lower and upper bound of an interval around y. */
  readonly bounds?: readonly [number, number];
}

export interface PlotPoints {
  readonly axis: AxisKind;
  /** In the order of the rows. Never empty. */
  readonly points: readonly PlotPoint[];
  /** Rows without a value of x or y. */
  readonly leftOut: number;
}

type Row = Readonly<Record<string, unknown>>;

/** Rows as points. Fails with `plot-not-numeric`, or `plot-no-rows` when every row lacks a value. */
export function readPoints(request: PlotRequest): PlotPoints {
  const { rows, x, y } = request;
  const numbers = rows.map((row, index) => yOf(request, row, index));
  const full = rows.map((row, index) => ({ row, y: numbers[index] })).filter(({ row }) => !isMissing(row[x]));
  const axis = axisOf(full.map(({ row }) => row[x]));
  const points = full.flatMap(({ row, y: value }) =>
    value === undefined
      ? []
      : [{ x: xOf(axis, row[x]), y: value, series: seriesOf(request, row), ...boundsOf(request, row) }],
  );
  if (points.length > 0) return { axis, points, leftOut: rows.length - points.length };
  throw new MillwrightError(
    'plot-no-rows',
    `Nothing to draw: none of the ${rows.length} rows has a value of both "${cleanText(x)}" and "${cleanText(y)}".`,
    { hint: 'choose columns that have values, or select other rows' },
  );
}

/** None where a bound is missing or is no number: the point itself still says something. */
function boundsOf({ low, high }: PlotRequest, row: Row): Pick<PlotPoint, 'bounds'> {
  const [from, to] = [low, high].map((name) => (name === undefined ? undefined : numberOf(row[name])));
  return from === undefined || to === undefined ? {} : { bounds: [from, to] };
}

function yOf(request: PlotRequest, row: Row, index: number): number | undefined {
  const value = row[request.y];
  if (isMissing(value)) return undefined;
  const number = numberOf(value);
  if (number !== undefined) return number;
  const others = numericColumns(request);
  throw new MillwrightError(
    'plot-not-numeric',
    `--y needs numbers, but "${cleanText(request.y)}" is "${cleanText(textOf(value)).slice(0, 60)}" in row ${index + 1}.`,
    {
      hint:
        others.length === 0
          ? 'no column of these rows is numeric: count or sum something in the query'
          : `columns with numbers: ${others.map(cleanText).join(', ')}`,
      data: { column: request.y, row: index + 1, numeric: others },
    },
  );
}

function numericColumns({ rows, y }: PlotRequest): string[] {
  return [...columnNames(rows)].filter((name) => {
    const values = rows.map((row) => row[name]).filter((value) => !isMissing(value));
    return name !== y && values.length > 0 && values.every((value) => numberOf(value) !== undefined);
  });
}

/** Numbers in text stay text here: on an x axis they are names such as versions more often than amounts. */
function axisOf(values: readonly unknown[]): AxisKind {
  if (values.every((value) => timeOf(value) !== undefined)) return 'time';
  const numeric = values.every((value) => typeof value === 'number' || typeof value === 'bigint');
  return numeric ? 'number' : 'text';
}

function xOf(axis: AxisKind, value: unknown): number | string {
  if (axis === 'time') return timeOf(value) ?? 0;
  return axis === 'number' ? (numberOf(value) ?? 0) : nameOf(value);
}

function seriesOf({ color }: PlotRequest, row: Row): string {
  if (color === undefined) return '';
  return isMissing(row[color]) ? '(none)' : nameOf(row[color]);
}

function nameOf(value: unknown): string {
  const text = cleanText(textOf(value)).trim();
  return text === '' ? '(empty)' : text;
}
