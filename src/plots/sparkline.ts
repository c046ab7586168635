export interface SparklineOptions {
  /** Columns at most; more values than that are averaged. By default one column a value. */
  readonly width?: number;
  /** The value of the lowest block. By default the least of the values. */
  readonly min?: number;
  /** The value of the highest block. By default the greatest of the values. */
  readonly max?: number;
}

const BLOCKS = '▁▂▃▄▅▆▇█';

/** Values as blocks of eight heights, one character a column; a space where there is no value. */
export function sparkline(values: readonly (number | null)[], options: SparklineOptions = {}): string {
  const columns = averaged(values, Math.max(1, Math.floor(options.width ?? values.length)));
  const numbers = columns.filter((value) => value !== null);
  const min =
    options.min ?? numbers.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const max = options.max ?? numbers.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return columns.map((value) => (value === null ? ' ' : block(value, min, max))).join('');
}

function averaged(values: readonly (number | null)[], width: number): (number | null)[] {
  if (values.length <= width) return values.map((value) => (Number.isFinite(value) ? value : null));
  return Array.from({ length: width }, (_, column) => {
    const from = Math.floor((column * values.length) / width);
    const to = Math.floor(((column + 1) * values.length) / width);
    return mean(values.slice(from, to).filter((value) => value !== null && Number.isFinite(value)));
  });
}

function mean(values: readonly (number | null)[]): number | null {
  const sum = values.reduce<number>((total, value) => total + (value ?? 0) / values.length, 0);
  return values.length === 0 ? null : sum;
}

/** Values that are all the same stand in the middle: neither low nor high. */
function block(value: number, min: number, max: number): string {
  const part = max > min ? (value / 2 - min / 2) / (max / 2 - min / 2) : 0.5;
  const step = Math.min(BLOCKS.length - 1, Math.max(0, Math.floor(part * BLOCKS.length)));
  return BLOCKS[step] ?? ' ';
}
