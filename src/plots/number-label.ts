/** A number as a reader wants it: whole numbers whole, millions short, four digits of anything else. */
export function numberLabel(value: number): string {
  return written(value, Number.isInteger(value) && Math.abs(value) < 1e6 ? 6 : 4);
}

/** The labels of an axis: as many digits as its steps need to differ. */
export function axisLabels(from: number, to: number): (value: number) => string {
  const largest = Math.max(Math.abs(from), Math.abs(to));
  const digits = Math.ceil(Math.log10(largest / (to - from))) + 3;
  const needed = Number.isFinite(digits) ? Math.min(Math.max(digits, 3), 15) : 3;
  return (value) => written(value, needed, largest >= 1e6);
}

function written(value: number, digits: number, short = Math.abs(value) >= 1e6): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e15 || size < 1e-4) return String(Number(value.toPrecision(digits)));
  return new Intl.NumberFormat('en-US', {
    maximumSignificantDigits: digits,
    notation: short ? 'compact' : 'standard',
    // Four digits without a comma: a year is no amount.
    useGrouping: 'min2',
  }).format(value);
}
