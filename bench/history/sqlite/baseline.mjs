import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';

/**
 * The history as SQLite holds it: one table a kind, typed columns, filled from the JSONL line by line.
 * node baseline.mjs <database> <file with a plan>; the answers, with their times in ms, go to stdout as JSON.
 */
const [database = '', file = ''] = process.argv.slice(2);
const { tables, questions, runs } = JSON.parse(await readFile(file, 'utf8'));
const db = new DatabaseSync(database);
db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144');

const since = performance.now();
for (const table of tables) await fill(table);
db.exec('ANALYZE');
const fill_ms = performance.now() - since;
const answers = questions.map(ask);
process.stdout.write(JSON.stringify({ fill_ms, peak_mb: process.resourceUsage().maxRSS / 1_024, answers }));

async function fill({ name, columns, files }) {
  const defined = columns.map((column) => `"${column.name}" ${column.type}`).join(', ');
  db.exec(`CREATE TABLE "${name}" (${defined}, PRIMARY KEY (id))`);
  const insert = db.prepare(`INSERT INTO "${name}" VALUES (${columns.map(() => '?').join(', ')})`);
  db.exec('BEGIN');
  for (const path of files) {
    for (const line of (await readFile(path, 'utf8')).split('\n')) {
      if (line === '') continue;
      const record = JSON.parse(line);
      insert.run(...columns.map((column) => toCell(record[column.name])));
    }
  }
  db.exec('COMMIT');
}

function toCell(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function ask({ name, sql }) {
  const statement = db.prepare(sql);
  // Filling has just brought everything into the system's cache, so the first run counts.
  let rows = [];
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    rows = statement.all();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { name, ms: times[Math.floor(times.length / 2)], rows };
}
