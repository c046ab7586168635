import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../measure.ts';
import type { Home } from '../queue/home.ts';
import type { SqliteAnswers, SqlitePlan, SqliteTable } from './ask-sqlite.ts';
import type { Row } from './same-answer.ts';

/** The same by the sqlite3 program, which times each statement itself. */
export async function askSqliteProgram(home: Home, plan: SqlitePlan): Promise<SqliteAnswers> {
  const database = join(home.dir, 'baseline.sqlite');
  const filled = await home.must('sqlite3', ['-batch', database], home.dir, fillScript(plan));
  const { stdout } = await home.must('sqlite3', ['-batch', database], home.dir, askScript(plan));
  const parts = stdout.split(`${MARK}\n`).slice(1);
  const answers = plan.questions.map(({ name }, at) => ({ name, ...answerOf(parts[at] ?? '') }));
  return { fill_ms: filled.ms, answers, by: 'the sqlite3 program' };
}

const MARK = '-- next question --';

function* fillScript({ tables }: SqlitePlan): Generator<string> {
  yield 'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;\n';
  for (const table of tables) yield* fill(table);
  yield 'COMMIT; ANALYZE;\n';
}

function* fill({ name, columns, files }: SqliteTable): Generator<string> {
  const defined = columns.map((column) => `"${column.name}" ${column.type}`).join(', ');
  yield `CREATE TABLE "${name}" (${defined}, PRIMARY KEY (id));\n`;
  for (const file of files) {
    const records = readFileSync(file, 'utf8').trimEnd().split('\n');
    const rows = records.map((line) => {
      const record = JSON.parse(line) as Row;
      return `(${columns.map((column) => literal(record[column.name])).join(',')})`;
    });
    // SQLite takes at most 500 terms of VALUES in some builds.
    for (let at = 0; at < rows.length; at += 400)
      yield `INSERT INTO "${name}" VALUES ${rows.slice(at, at + 400).join(',')};\n`;
  }
}

function literal(value: unknown): string {
  if (value === undefined || value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `'${text.replaceAll("'", "''")}'`;
}

function* askScript({ questions, runs }: SqlitePlan): Generator<string> {
  yield 'PRAGMA cache_size = -262144;\n.mode json\n';
  for (const { sql } of questions) {
    const statement = `${sql.trim()};\n`;
    yield `.print ${JSON.stringify(MARK)}\n${statement}.timer on\n.output /dev/null\n`;
    yield `${statement.repeat(runs)}.output stdout\n.timer off\n`;
  }
}

/** The rows as JSON, then a line for each timed run. */
function answerOf(text: string): { ms: number; rows: readonly Row[] } {
  const times = [...text.matchAll(/^Run Time: real ([\d.]+)/gm)].map(
    ([, seconds]) => Number(seconds) * 1_000,
  );
  const json = text.split(/^Run Time:/m)[0]?.trim() ?? '';
  return { ms: median(times), rows: json === '' ? [] : (JSON.parse(json) as Row[]) };
}
