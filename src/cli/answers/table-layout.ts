import { cutToWidth } from '../../plots/cut-to-width.ts';
import { displayWidth } from '../../plots/display-width.ts';
import { COLUMN_GAP, fitColumns } from './fit-columns.ts';
import { visibleText } from './visible-text.ts';

export interface TableColumn {
  readonly name: string;
  /** Aligned to the right, and cut only when nothing else helps. */
  readonly numeric: boolean;
}

/** Undefined is NULL. */
export type TableRow = readonly (string | undefined)[];

export interface TableLayout {
  /** Names and a line below them, with line ends. */
  readonly header: string;
  /** Names of the columns for which there is no room. */
  readonly hidden: readonly string[];
  /** One line, with its end. No line takes more cells than the width. */
  row(cells: TableRow): string;
}

export interface LayoutOptions {
  readonly width?: number | undefined;
  readonly color?: boolean | undefined;
}

const LEAST = 8;
const NULL = 'NULL';

/** Decides on widths by the sample, which may be all rows. Later cells that need more are cut to them. */
export function tableLayout(
  columns: readonly TableColumn[],
  sample: readonly TableRow[],
  { width, color = false }: LayoutOptions,
): TableLayout {
  const needs = columns.map(({ name, numeric }, index) => {
    let natural = measure(name, width);
    for (const row of sample) natural = Math.max(natural, measure(row[index] ?? NULL, width));
    return { natural, least: numeric ? natural : Math.min(natural, LEAST) };
  });
  const widths = fitColumns(needs, width);
  const cut = (text: string, cells: number) =>
    width === undefined ? visibleText(text) : cutToWidth(visibleText(text), cells);
  const line = (row: TableRow, style: (text: string, index: number) => string) =>
    joined(
      widths.map((cells, index) => {
        const text = cut(row[index] ?? NULL, cells);
        const blank = ' '.repeat(Math.max(0, cells - displayWidth(text)));
        const styled = style(text, index);
        return columns[index]?.numeric === true ? blank + styled : styled + blank;
      }),
    );
  const paint = (text: string, on: number, off: number) =>
    color && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  const names = columns.map(({ name }) => name);
  return {
    header: line(names, (text) => paint(text, 1, 22)) + joined(widths.map((cells) => '─'.repeat(cells))),
    hidden: names.slice(widths.length),
    row: (cells) => line(cells, (text, at) => (cells[at] === undefined ? paint(text, 2, 22) : text)),
  };
}

/** What is wider than the terminal need not be measured to its end. */
function measure(text: string, width: number | undefined): number {
  const visible = visibleText(text);
  return displayWidth(width === undefined ? visible : cutToWidth(visible, width));
}

function joined(cells: readonly string[]): string {
  return `${cells.join(' '.repeat(COLUMN_GAP)).trimEnd()}\n`;
}
