import { MillwrightError } from '../contracts/millwright-error.ts';

/** A view of the history, as its `.sql` file says it. */
export interface View {
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly summary: string;
  /** In the order of the SELECT; the text says what the column tells, and in which unit. */
  readonly columns: readonly { readonly name: string; readonly text: string }[];
  /** One SELECT without parameters. */
  readonly sql: string;
}

const NAME = /^[a-z][a-z0-9_]*$/;

/**
 * Reads a view file. It opens with a comment: a line with the summary, an empty one, then a line for each column,
 * `-- name: text`. One SELECT follows.
 * Throws `bad-view` with the line that is not as it should be.
 */
export function parseViewFile(name: string, text: string): View {
  if (!NAME.test(name)) throw badView(name, 0, 'a name of lower case letters, digits and "_"', name);
  const lines = text.split(/\r?\n/);
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const [summary = '', gap, ...columns] = lines.slice(0, end === -1 ? lines.length : end).map(commentText);
  if (!/^[A-Z].*\.$/.test(summary))
    throw badView(name, 1, 'a comment with a sentence that says what the view shows', lines[0]);
  if (gap !== '') throw badView(name, 2, 'an empty comment between the summary and the columns', lines[1]);
  return { name, summary, columns: readColumns(name, columns), sql: readSql(name, lines, end) };
}

function commentText(line: string): string {
  return line.slice(2).trim();
}

function readColumns(view: string, lines: readonly string[]): View['columns'] {
  if (lines.length === 0) throw badView(view, 3, 'a comment for each column', undefined);
  const seen = new Set<string>();
  return lines.map((line, at) => {
    const [, name = '', text = ''] = /^([a-z][a-z0-9_]*): +(.+)$/.exec(line) ?? [];
    if (name === '') throw badView(view, at + 3, '"-- column: what it says, unit"', line);
    if (seen.has(name)) throw badView(view, at + 3, 'each column once', line);
    seen.add(name);
    return { name, text };
  });
}

function readSql(view: string, lines: readonly string[], end: number): string {
  const sql = end === -1 ? '' : lines.slice(end).join('\n').trim();
  if (!/^(?:SELECT|WITH)\b/.test(sql))
    throw badView(
      view,
      (end === -1 ? lines.length : end) + 1,
      'SELECT or WITH after the comment',
      lines[end],
    );
  if (sql.endsWith(';')) throw badView(view, lines.length, 'one SELECT without a semicolon', ';');
  return `${sql}\n`;
}

function badView(view: string, line: number, expected: string, found: string | undefined): MillwrightError {
  const said = found === undefined || found === '' ? 'nothing' : JSON.stringify(found.slice(0, 80));
  return new MillwrightError('bad-view', `${view}.sql:${line}: expected ${expected}, found ${said}`, {
    hint: 'the form of a view file is described in .github/CONTRIBUTING.md, "Add a view"',
    data: { view, line, expected },
  });
}
