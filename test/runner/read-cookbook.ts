/** A question of the cookbook, and the answer that is printed below it. */
export interface CookbookEntry {
  readonly number: number;
  readonly question: string;
  readonly sql: string;
  readonly columns: readonly string[];
  /** The first rows, as cells. */
  readonly answer: readonly (readonly string[])[];
  /** How many further rows the page says there are. */
  readonly more: number;
}

const ENTRY = /^### (\d+)\. (.+)\n\n```sql\n([\s\S]+?)\n```\n\n((?:\|.*\n)+)(?:\nand (\d+) more\.\n)?/gm;

/** The questions of the section "Fifteen questions" of a page. */
export function readCookbook(page: string): CookbookEntry[] {
  const section = page.split(/^## /m).find((part) => part.startsWith('Fifteen questions\n')) ?? '';
  return [...section.matchAll(ENTRY)].map(([, number, question = '', sql = '', table = '', more]) => {
    const [columns = [], , ...answer] = table.trimEnd().split('\n').map(cellsOf);
    return { number: Number(number), question, sql, columns, answer, more: Number(more ?? 0) };
  });
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
