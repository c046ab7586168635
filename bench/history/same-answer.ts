export type Row = Readonly<Record<string, unknown>>;

/** Sums of many numbers differ in their last digits with the order in which they are added. */
const TOLERANCE = 1e-9;

/** Throws, with the first place that differs, when two answers to a question are not the same row for row. */
export function mustBeSame(
  question: string,
  [name, rows]: readonly [string, readonly Row[]],
  [otherName, others]: readonly [string, readonly Row[]],
): void {
  if (rows.length !== others.length)
    throw new Error(`${question}: ${name} has ${rows.length} rows, ${otherName} ${others.length}`);
  for (const [at, row] of rows.entries()) {
    const other = others[at] ?? {};
    const differs = Object.keys({ ...row, ...other }).find((key) => !isSame(row[key], other[key]));
    if (differs === undefined) continue;
    const [ours, theirs] = [JSON.stringify(row[differs]), JSON.stringify(other[differs])];
    throw new Error(`${question}: row ${at + 1}, ${differs}: ${name} says ${ours}, ${otherName} ${theirs}`);
  }
}

function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'number' || typeof other !== 'number') return one === other;
  return Math.abs(one - other) <= TOLERANCE * Math.max(Math.abs(one), Math.abs(other));
}
