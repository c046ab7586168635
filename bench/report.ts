import { tableText } from './table-text.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit:
    | 'ms'
    | 's'
    | 'MB'
    | 'times'
    | 'KiB'
    | 'a second'
    | 'a claim'
    | 'commits'
    | 'leases'
    | 'pushes'
    | 'requests';
  /** What it should stay under; with `atLeast` what it should reach. */
  readonly target: number;
  readonly atLeast?: true;
  /** The same work by other means, in the same unit, measured in the same run. */
  readonly baseline?: { readonly name: string; readonly value: number };
}

/** A table for people on stderr; with `--json` the last line of stdout is one object with every figure. */
export function report(
  title: string,
  figures: readonly Figure[],
  options: { json: boolean; quick: boolean; more?: Record<string, unknown> },
): void {
  const rows = figures.map((figure) => rowOf(figure));
  const table = [['figure', 'median', 'target', 'held', 'baseline', 'ratio'], ...rows];
  process.stderr.write(`\n${title}${options.quick ? ' (quick)' : ''}\n${tableText(table)}\n`);
  const held = figures.every(isHeld);
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

function rowOf(figure: Figure): string[] {
  const { name, value, unit, target, atLeast, baseline } = figure;
  return [
    name,
    `${show(value)} ${unit}`,
    `${atLeast === true ? '>=' : '<'} ${show(target)} ${unit}`,
    isHeld(figure) ? 'yes' : 'NO',
    baseline === undefined ? '' : `${baseline.name}: ${show(baseline.value)} ${unit}`,
    baseline === undefined || baseline.value === 0 ? '' : `${(value / baseline.value).toFixed(2)}x`,
  ];
}

export function isHeld({ value, target, atLeast }: Figure): boolean {
  return atLeast === true ? value >= target : value < target;
}

function show(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2);
}
