import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Kind } from '../../src/contracts/kind.ts';
import { kinds } from '../../src/contracts/kinds.ts';
import { columnsOf } from '../../src/history/columns.ts';

/** Statements that load every kind's segments into a table each with `read_json`, the columns given. */
export function rawTables(root: string): string[] {
  return kinds.map((kind) => `CREATE TABLE "${kind.name}" AS ${rawSelect(root, kind)}`);
}

/** The same as views: every question reads the files. */
export function rawViews(root: string): string[] {
  return kinds.map((kind) => `CREATE VIEW "${kind.name}" AS ${rawSelect(root, kind)}`);
}

/** The records of some files of a kind, with its columns. */
export function selectFrom(files: string, kind: Kind): string {
  const columns = columnsOf(kind);
  const types = columns.map(({ name, type }) => `'${name}': '${type}'`).join(', ');
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  return `SELECT ${names} FROM read_json('${files.replaceAll("'", "''")}', columns = {${types}}, format = 'newline_delimited')`;
}

function rawSelect(root: string, kind: Kind): string {
  const folder = join(root, 'state', kind.name);
  if (existsSync(folder)) return selectFrom(`${folder}/*/*.jsonl`, kind);
  const nothing = columnsOf(kind).map(({ name, type }) => `NULL::${type} AS "${name}"`);
  return `SELECT ${nothing.join(', ')} WHERE false`;
}
