import type { SqlName } from './session.ts';
import { splitStatements } from './split-statements.ts';
import { sqlFunctions, sqlWords } from './sql-words.ts';

export interface SqlCompletion {
  /** What could stand there, best first, each beginning with `word` whatever its case. */
  readonly candidates: readonly string[];
  /** The part of the text that they would replace. */
  readonly word: string;
}

/**
 * What could come next at the end of `text`, the statement so far: after FROM and JOIN tables first, after `name.`
 * the columns of that table or alias, elsewhere the columns of the tables that the statement names, then words and
 * functions. Nothing within strings and comments.
 */
export function completeSql(text: string, names: readonly SqlName[]): SqlCompletion {
  const { rest, open } = splitStatements(text);
  if (open !== undefined) return { candidates: [], word: '' };
  const owner = /([\w]+|"[^"]*")\.(\w*)$/.exec(rest);
  if (owner !== null) return columnsOf(owner[1] ?? '', owner[2] ?? '', rest, names);
  const word = /[A-Za-z_]\w*$/.exec(rest)?.[0] ?? '';
  const before = rest.slice(0, rest.length - word.length);
  return { candidates: matching(word, choices(before, word, names)), word };
}

function columnsOf(owner: string, word: string, statement: string, names: readonly SqlName[]): SqlCompletion {
  const meant = unquoted(owner);
  const tables = tablesIn(statement, names);
  const table =
    tables.find(({ alias }) => same(alias, meant))?.table ?? names.find(({ name }) => same(name, meant));
  const columns = (table?.columns ?? []).map(({ name }) => quoted(name));
  return { candidates: matching(word, columns), word };
}

interface NamedTable {
  readonly alias: string;
  readonly table: SqlName;
}

const TABLE = /\b(?:from|join)\s+(\w+|"[^"]+")(?:\s+(?:as\s+)?(\w+))?|,\s*(\w+)\s+(?:as\s+)?(\w+)/gi;

/** The tables that a statement names, with what it calls them. */
function tablesIn(statement: string, names: readonly SqlName[]): NamedTable[] {
  return [...statement.matchAll(TABLE)].flatMap((found) => {
    const name = unquoted(found[1] ?? found[3] ?? '');
    const table = names.find((known) => same(known.name, name));
    const alias = found[2] ?? found[4];
    if (table === undefined) return [];
    return [{ alias: alias === undefined || isWord(alias) ? name : alias, table }];
  });
}

function choices(before: string, word: string, names: readonly SqlName[]): string[] {
  const tables = names.map(({ name }) => quoted(name));
  const words = [...inCaseOf(word, before, sqlWords), ...(word === '' ? [] : sqlFunctions)];
  if (/\b(?:from|join|describe|summarize)\s+$/i.test(before) || /\bfrom\s+\w+\s*,\s*$/i.test(before))
    return word === '' ? tables : [...tables, ...words];
  const used = tablesIn(before, names).map(({ table }) => table);
  const columns = (used.length > 0 ? used : names).flatMap(({ columns: found }) =>
    found.map(({ name }) => quoted(name)),
  );
  if (before.trim() === '') return words;
  return word === '' && used.length === 0 ? words : [...columns, ...words, ...tables];
}

/** Words as the person writes them: in small letters, unless there are none. */
function inCaseOf(word: string, before: string, words: readonly string[]): string[] {
  const letters = word === '' ? before : word;
  const small = /[a-z]/.test(letters);
  return words.map((each) => (small ? each.toLowerCase() : each));
}

function matching(word: string, choicesOf: readonly string[]): string[] {
  const start = word.toLowerCase();
  const matches = (choice: string) => choice.replace(/^"/, '').toLowerCase().startsWith(start);
  return [...new Set(choicesOf.filter(matches))];
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isWord(text: string): boolean {
  return sqlWords.includes(text.toUpperCase());
}

function unquoted(name: string): string {
  return name.replace(/^"(.*)"$/, '$1');
}

function quoted(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !isWord(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
