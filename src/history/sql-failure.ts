import { closest } from '../contracts/closest.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';

/**
 * What DuckDB says of a statement, with its place and the nearest name.
 * @param names tables and views that there are
 */
export function sqlFailure(error: unknown, sql: string, names: readonly string[]): unknown {
  if (!(error instanceof Error) || error instanceof MillwrightError) return error;
  const said = error.message.replace(/^Failed to extract statements: /, '');
  const [kind, text] = partsOf(said);
  if (kind === undefined) return error;
  const place = placeOf(said, sql);
  const where = place === undefined ? '' : ` (line ${place.line}, column ${place.column})`;
  const isBarred = kind === 'Permission Error';
  const message = isBarred ? PERMISSION : text;
  const shown = place === undefined ? '' : `\n\n${lineOf(sql, place)}`;
  return new MillwrightError('bad-sql', `${message}${where}${shown}`, {
    hint: isBarred ? PERMISSION_HINT : hintFor(said, names),
    cause: error,
    ...(place === undefined ? {} : { data: { ...place } }),
  });
}

const PERMISSION = 'SQL reads the history alone: no files, no network, no extensions';
const PERMISSION_HINT =
  'to join the history with data of your own, take it elsewhere with "millwright export" and use the DuckDB shell; "millwright query --out FILE" writes an answer';

function partsOf(said: string): [string | undefined, string] {
  const [, kind, text = ''] = /^([A-Z][\w ]+ Error): ([\s\S]*)$/.exec(said) ?? [];
  const first = text.split(/\n\s*\n|\nLINE \d+:|\nDid you mean|\nCandidate /)[0] ?? '';
  return [kind, first.replaceAll(/\s*\n\s*/g, ' ').trim()];
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** DuckDB shows the line, with dots where it cuts it, and a caret under the place. */
function placeOf(said: string, sql: string): Place | undefined {
  const [, number = '', text = '', caret = ''] = /\nLINE (\d+): (.*)\n( *)\^/.exec(said) ?? [];
  if (number === '') return undefined;
  const under = caret.length - `LINE ${number}: `.length;
  const dots = text.startsWith('...') ? 3 : 0;
  const shown = text.slice(dots).replace(/\.\.\.$/, '');
  const from = Math.max(0, (sql.split('\n')[Number(number) - 1] ?? '').indexOf(shown));
  return { line: Number(number), column: Math.max(1, from + under - dots + 1) };
}

function lineOf(sql: string, { line, column }: Place): string {
  const text = sql.split('\n')[line - 1] ?? '';
  const from = Math.max(0, column - 60);
  return `  ${text.slice(from, from + 100)}\n  ${' '.repeat(column - 1 - from)}^`;
}

function hintFor(said: string, names: readonly string[]): string {
  const table = /Table with name "?([^\s"]+)"? does not exist/.exec(said)?.[1];
  const near = table === undefined ? undefined : closest(table, names);
  if (table !== undefined)
    return `${near === undefined ? '' : `did you mean ${near}? `}"millwright query --describe" lists the tables and views`;
  const columns = /\nCandidate bindings: (.*)/.exec(said)?.[1];
  if (columns !== undefined) return `did you mean one of ${columns.replaceAll('"', '')}?`;
  const meant = /\nDid you mean "([^"]+)"/.exec(said)?.[1];
  return meant === undefined
    ? '"millwright query --describe" lists tables, views and columns'
    : `did you mean ${meant}?`;
}
