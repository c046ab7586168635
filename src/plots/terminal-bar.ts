const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * A bar of `columns` columns on a scale from `low` (at most 0) to `high` (at least 0). What is below zero grows to the
 * left, in whole columns: a terminal has no eighths that start at the right.
 */
export function terminalBar(value: number, low: number, high: number, columns: number): string {
  const span = high / 2 - low / 2;
  const zero = span > 0 ? Math.round((-low / 2 / span) * columns) : 0;
  if (value < 0) {
    const filled = Math.min(zero, Math.max(1, Math.round((value / low) * zero)));
    return (' '.repeat(zero - filled) + '█'.repeat(filled)).padEnd(columns);
  }
  const room = columns - zero;
  // Something is more than nothing, however little it is.
  const eighths = value > 0 ? Math.max(1, Math.round((value / high) * room * 8)) : 0;
  const bar = '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
  return (' '.repeat(zero) + bar).slice(0, columns).padEnd(columns);
}
