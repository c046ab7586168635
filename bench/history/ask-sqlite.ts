import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kinds } from '../../src/contracts/kinds.ts';
import { columnsOf } from '../../src/history/columns.ts';
import type { Home } from '../queue/home.ts';
import type { Answer } from './ask.ts';
import { askSqliteProgram } from './ask-sqlite-program.ts';
import type { Question } from './questions.ts';

export interface SqliteAnswers {
  readonly fill_ms: number;
  readonly answers: readonly Answer[];
  /** Which SQLite it was. */
  readonly by: string;
}

export interface SqlitePlan {
  readonly tables: readonly SqliteTable[];
  readonly questions: readonly { readonly name: string; readonly sql: string }[];
  readonly runs: number;
}

export interface SqliteTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly files: readonly string[];
}

const folder = fileURLToPath(new URL('sqlite/', import.meta.url));

/**
 * The questions over SQLite, filled from the same files. Node has it from version 22 on; for an older one such a
 * Node is installed beside the baseline, and where that cannot be, the sqlite3 program stands in.
 * @returns a sentence when there is no SQLite at all
 */
export async function askSqlite(
  home: Home,
  root: string,
  asked: readonly Question[],
  runs: number,
): Promise<SqliteAnswers | string> {
  const questions = asked.map(({ name, sql, sqlite }) => ({ name, sql: sqlite ?? sql }));
  const plan: SqlitePlan = { tables: await tablesOf(root), questions, runs };
  const node = nodeWithSqlite();
  if (node !== undefined) return askNode(home, node, plan);
  if (spawnSync('sqlite3', ['--version']).status === 0) return askSqliteProgram(home, plan);
  return 'there is no SQLite to compare with: this Node is older than 22, no newer one can be installed, and there is no sqlite3';
}

async function tablesOf(root: string): Promise<SqliteTable[]> {
  return Promise.all(
    kinds.map(async (kind) => ({
      name: kind.name,
      columns: columnsOf(kind).map(({ name, type }) => ({ name, type: sqliteTypes[type] ?? 'TEXT' })),
      files: await filesOf(join(root, 'state', kind.name)),
    })),
  );
}

const sqliteTypes: Readonly<Record<string, string>> = {
  BIGINT: 'INTEGER',
  INTEGER: 'INTEGER',
  BOOLEAN: 'INTEGER',
  DOUBLE: 'REAL',
};

async function filesOf(kindFolder: string): Promise<string[]> {
  if (!existsSync(kindFolder)) return [];
  const names = await readdir(kindFolder, { recursive: true });
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(kindFolder, name));
}

function nodeWithSqlite(): string | undefined {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  const newer = join(folder, 'node_modules/node22/bin/node');
  if (!existsSync(newer))
    spawnSync('npm', ['ci', '--prefix', folder, '--ignore-scripts'], { stdio: 'ignore' });
  return spawnSync(newer, ['--version']).status === 0 ? newer : undefined;
}

async function askNode(home: Home, node: string, plan: SqlitePlan): Promise<SqliteAnswers> {
  const file = join(home.dir, 'sqlite-plan.json');
  await writeFile(file, JSON.stringify(plan));
  const args = ['--no-warnings', join(folder, 'baseline.mjs'), join(home.dir, 'baseline.sqlite'), file];
  const { stdout } = await home.must(node, args);
  const version = spawnSync(node, ['--version']).stdout.toString('utf8').trim();
  return { ...(JSON.parse(stdout) as Omit<SqliteAnswers, 'by'>), by: `node:sqlite of Node ${version}` };
}
