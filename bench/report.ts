export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | 'MB' | 'times';
  /** What it should stay under. */
  readonly target: number;
  /** The same work by other means, in the same unit, measured in the same run. */
  readonly baseline?: { readonly name: string; readonly value: number };
}

/** A table for people on stderr; with `--json` the last line of stdout is one object with every figure. */
export function report(
  title: string,
  figures: readonly Figure[],
  options: { json: boolean; quick: boolean; more?: Record<string, unknown> },
): void {
  const rows = figures.map(({ name, value, unit, target, baseline }) => [
    name,
    `${show(value)} ${unit}`,
    `< ${show(target)} ${unit}`,
    value < target ? 'yes' : 'NO',
    baseline === undefined ? '' : `${baseline.name}: ${show(baseline.value)} ${unit}`,
    baseline === undefined || baseline.value === 0 ? '' : `${(value / baseline.value).toFixed(2)}x`,
  ]);
  const table = [['figure', 'median', 'target', 'held', 'baseline', 'ratio'], ...rows];
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  process.stderr.write(`\n${title}${options.quick ? ' (quick)' : ''}\n${lines.join('\n')}\n`);
  const held = figures.every(({ value, target }) => value < target);
  const all = Object.fromEntries(
    figures.map(({ name, value, unit }) => [
      `${name.replaceAll(/[^a-z0-9]+/gi, '_').toLowerCase()}_${unit}`,
      Math.round(value * 100) / 100,
    ]),
  );
  const ratios = Object.fromEntries(
    figures.flatMap(({ name, value, baseline }) =>
      baseline === undefined
        ? []
        : [
            [
              `${name.replaceAll(/[^a-z0-9]+/gi, '_').toLowerCase()}_ratio`,
              Math.round((100 * value) / baseline.value) / 100,
            ],
          ],
    ),
  );
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ pass: held, quick: options.quick, ...all, ...ratios, ...options.more })}\n`,
    );
}

function show(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2);
}
