export interface ColumnNeed {
  /** Cells of the widest entry. */
  readonly natural: number;
  /** Fewer than these, and the column says nothing any more. */
  readonly least: number;
}

/** Cells between two columns. */
export const COLUMN_GAP = 2;

/**
 * Widths for as many columns as fit, from the left; at least one. Each gets its least first, then what is left goes
 * to all alike until they have what they want. Without a width everything gets what it wants.
 */
export function fitColumns(needs: readonly ColumnNeed[], width: number | undefined): number[] {
  if (width === undefined) return needs.map(({ natural }) => natural);
  const fitting = needs.slice(0, howManyFit(needs, width));
  let left = width - COLUMN_GAP * (fitting.length - 1);
  const widths = fitting.map(({ least }) => Math.min(least, left));
  for (const given of widths) left -= given;
  const byWish = fitting.map((need, index) => ({ index, wish: need.natural - need.least }));
  byWish.sort((a, b) => a.wish - b.wish);
  byWish.forEach(({ index, wish }, done) => {
    const extra = Math.min(wish, Math.floor(left / (fitting.length - done)));
    widths[index] = (widths[index] ?? 0) + extra;
    left -= extra;
  });
  return widths;
}

function howManyFit(needs: readonly ColumnNeed[], width: number): number {
  let used = -COLUMN_GAP;
  const tooMuch = needs.findIndex(({ least }) => {
    used += COLUMN_GAP + least;
    return used > width;
  });
  return tooMuch === -1 ? needs.length : Math.max(1, tooMuch);
}
