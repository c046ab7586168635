import { ID_PATTERN } from '../../contracts/ids.ts';
import { markdownText } from '../../contracts/markdown-text.ts';
import { maskSecrets } from '../../contracts/secrets.ts';

const LONGEST = 200;

/** Text of records as a part of a line: short, without secrets, and without effect on the page. */
export function foreign(text: string, longest = LONGEST): string {
  const masked = maskSecrets(text.slice(0, 10_000));
  const letters = [...masked];
  return markdownText(letters.length <= longest ? masked : `${letters.slice(0, longest - 1).join('')}…`);
}

/** An id as code; a history that was edited by hand may hold anything for one. */
export function idCode(id: string): string {
  return ID_PATTERN.test(id) ? `\`${id}\`` : foreign(id);
}

/** A table of cells that are safe already. The first columns are text, the others numbers. */
export function markdownTable(
  head: readonly string[],
  textColumns: number,
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_name, at) => (at < textColumns ? '---' : '--:'));
  return [line(head), `|${rule.join('|')}|`, ...rows.map(line)].join('\n');
}

/** As many rows as anybody reads. The words below the table say that there are more. */
export function firstRows<Row>(rows: readonly Row[], what: string): { shown: readonly Row[]; more: string } {
  const rest = rows.length - MOST_ROWS;
  return {
    shown: rows.slice(0, MOST_ROWS),
    more: rest > 0 ? `\n\nAnd ${amount(rest)} more ${what}; \`millwright query\` has them all.` : '',
  };
}

const MOST_ROWS = 30;

/** `2,000` */
export function amount(n: number): string {
  return n.toLocaleString('en-US');
}

/** `1 pass`, `2 passes` */
export function counted(n: number, one: string, many: string): string {
  return `${amount(n)} ${n === 1 ? one : many}`;
}

/** `$12.40`; small sums keep what they have. */
export function usd(sum: number | null): string {
  if (sum === null) return 'not known';
  const digits = sum !== 0 && Math.abs(sum) < 1 ? 4 : 2;
  return `$${sum.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: digits })}`;
}

/** A difference of rates in percentage points: `+3.5`. */
export function points(difference: number | null): string {
  if (difference === null) return '';
  const shown = (100 * difference).toFixed(1);
  return Number(shown) > 0 ? `+${shown}` : shown.replace(/^-(0\.0)$/, '$1');
}
