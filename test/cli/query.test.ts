import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshWorkspace, importDemoRows, outcomeText } from '../e2e/prepared-workspace.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { runCliIn } from './run-cli-in.ts';

let folder: GitFolder;
let beside: string;
let start: string;

beforeAll(async () => {
  folder = await freshWorkspace();
  beside = await mkdtemp(join(dirname(folder.dir), 'beside-'));
  start = (await folder.git('rev-parse', 'HEAD')).trim();
  await importDemoRows(folder);
  await folder.git('tag', 'imported');
  await writeFile(join(folder.dir, 'queue/inbox/outcome/good.json'), outcomeText('waits', { id: 'waits' }));
  await writeFile(join(folder.dir, 'queue/inbox/outcome/bad.json'), '{"idea_id": 7}');
}, 120_000);
afterAll(() => folder[Symbol.asyncDispose]());

const query = (...argv: string[]) => runCliIn(folder.dir, ['query', ...argv]);
const count = 'SELECT count(*) AS n FROM outcome';

describe('a query', () => {
  test('prints a table, and JSON when it is asked for.', async () => {
    expect(await query(count)).toEqual({ code: 0, err: '', out: '  n\n───\n136\n1 row\n' });
    expect(JSON.parse((await query(count, '--json')).out)).toEqual([{ n: 136 }]);
  });

  test.each([
    ['csv', 'outcome,n\naccepted,'],
    ['jsonl', '{"outcome":"accepted","n":'],
    ['markdown', '| outcome | n |'],
  ])('prints %s.', async (format, begin) => {
    const sql = 'SELECT outcome, count(*) AS n FROM outcome GROUP BY ALL ORDER BY outcome';
    const { out, code } = await query(sql, '--format', format);
    expect([code, out.slice(0, begin.length)]).toEqual([0, begin]);
  });

  test('writes Parquet and Arrow that others read, into a new file only.', async () => {
    const parquet = join(beside, 'a.parquet');
    expect(
      await query('SELECT id, model FROM outcome', '--format', 'parquet', '--out', parquet),
    ).toMatchObject({ code: 0 });
    const instance = await DuckDBInstance.create(':memory:');
    const rows = await (await instance.connect()).runAndReadAll(
      `SELECT count(*)::INT FROM read_parquet('${parquet}')`,
    );
    expect(rows.getRows()).toEqual([[136]]);
    const arrow = join(beside, 'a.arrow');
    await query('SELECT id, model FROM outcome', '--format', 'arrow', '--out', arrow);
    expect(tableFromIPC(await readFile(arrow)).numRows).toBe(136);
    const again = await query(count, '--out', arrow);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('is there already')]);
    expect(await readdir(beside)).toEqual(['a.arrow', 'a.parquet']);
  });

  test('binds values; what looks like SQL in them is text.', async () => {
    const sql = 'SELECT count(*)::INT AS n FROM outcome WHERE model = $model AND cost_usd > $least';
    const asked = (model: string) =>
      query(sql, '--set', `model=${model}`, '--set', 'least=0.01', '--format', 'csv');
    expect(Number((await asked('sonnet-4-5')).out.split('\n')[1])).toBeGreaterThan(10);
    expect((await asked("' OR 1=1 --")).out).toBe('n\n0\n');
    expect((await query('SELECT $n AS m', '--set', 'n=007', '--format', 'csv')).out).toBe('m\n007\n');
    expect((await query('SELECT $n + 1 AS m', '--set', 'n=41', '--format', 'csv')).out).toBe('m\n42\n');
    expect(await query('SELECT $n')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--set n=VALUE'),
    });
    expect(await query('SELECT 1', '--set', 'n=1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('has no $n'),
    });
  });

  test('comes from a file, and an error names its line.', async () => {
    const file = join(beside, '..', 'question.sql');
    await writeFile(file, '-- how many\nSELECT count(*) AS n\nFROM outcme\n');
    const { code, err } = await query('--file', file);
    expect(code).toBe(1);
    expect(err).toContain(`${file}:3:6: Table with name outcme does not exist!`);
    expect(err).toContain('did you mean outcome?');
    await writeFile(file, `${count};\n`);
    expect((await query('--file', file, '--format', 'csv')).out).toBe('n\n136\n');
    await rm(file);
  });

  test('that goes wrong far into a long line is shown there.', async () => {
    const { err } = await query(
      `SELECT ${Array.from({ length: 20 }, (_, at) => `max(cost_usd) AS c${at}`).join(', ')}, max(modle) FROM outcome`,
    );
    const [, pointed = '', caret = ''] = /\n {2}(.*)\n {2}( *)\^\n/.exec(err) ?? [];
    expect(pointed.slice(caret.length)).toMatch(/^modle/);
  });

  test('is cut by --limit in every format, and explains itself.', async () => {
    const target = join(beside, 'limited.parquet');
    await query(
      'SELECT range AS r FROM range(10); -- ten',
      '--format',
      'parquet',
      '--limit',
      '3',
      '--out',
      target,
    );
    const sql = `SELECT count(*) FROM read_parquet('${target}')`;
    const instance = await DuckDBInstance.create(':memory:');
    const rows = await (await instance.connect()).runAndReadAll(sql);
    expect(rows.getRows()).toEqual([[3n]]);
    await rm(target);
    for (const word of ['EXPLAIN', 'EXPLAIN ANALYZE', 'DESCRIBE', 'SUMMARIZE'])
      expect(await query(`${word} SELECT count(*) FROM outcome`)).toMatchObject({ code: 0, err: '' });
  });

  test('shows a view, describes all of them, and knows the nearest name.', async () => {
    expect((await query('--view', 'v_agent_performance', '--format', 'csv')).out).toMatch(/^agent_id,name,/);
    expect((await query('--describe')).out).toMatch(/outcome {2,}What became of one piece of work/);
    expect((await query('--describe', 'patch_status')).out).toMatch(/status {2,}VARCHAR {2,}\S/);
    expect((await query('--describe', 'patch_statu')).err).toContain('did you mean patch_status?');
    expect((await query('SELECT modle FROM outcome')).err).toContain('did you mean one of model');
  });

  test('sees what waits in the inbox now, and whether it would be taken.', async () => {
    const { out } = await query(
      'SELECT contract_id, accepted, problem FROM now_inbox ORDER BY path',
      '--json',
    );
    expect(JSON.parse(out)).toEqual([
      { contract_id: null, accepted: false, problem: expect.stringContaining('idea_id') },
      { contract_id: 'waits', accepted: true, problem: null },
    ]);
  });

  test('asks the past by commit, tag and date.', async () => {
    const at = async (when: string) =>
      JSON.parse((await query(count, '--json', '--at', when)).out) as unknown;
    expect(await at(start)).toEqual([{ n: 0 }]);
    expect(await at('imported')).toEqual([{ n: 136 }]);
    expect(await at(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10))).toEqual([{ n: 136 }]);
    for (const when of ['2001-02-03', '2026-02-30', 'no-such-tag', '--upload-pack=x'])
      expect(await query(count, `--at=${when}`)).toMatchObject({
        code: 1,
        err: expect.stringContaining('hint:'),
      });
  });

  test('on a terminal shows 200 rows at most and says so.', async () => {
    const sql = 'SELECT * FROM range(500)';
    const { out } = await runCliIn(folder.dir, ['query', sql], { terminal: true });
    expect(out.split('\n').length).toBeLessThan(210);
    expect(out).toContain('--limit 0');
    expect((await query(sql)).out.split('\n').length).toBeGreaterThan(500);
  });

  test('ends when it is interrupted, however long it would have run.', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1_500);
    const since = performance.now();
    const endless = 'SELECT count(*) FROM range(1000000000000) a(i) WHERE i % 7 = 3';
    const answer = await runCliIn(folder.dir, ['query', endless], { signal: stop.signal });
    expect(answer).toMatchObject({ code: 130, out: '' });
    expect(performance.now() - since).toBeLessThan(20_000);
  });
});

describe('what is beside the history', () => {
  test('cannot add to it: a log that lies beside the projection is not replayed.', async () => {
    await query(count);
    const projection = join(folder.dir, '.millwright/history.duckdb');
    const forged = await DuckDBInstance.create(projection);
    const connection = await forged.connect();
    await connection.run(
      "PRAGMA disable_checkpoint_on_shutdown; SET checkpoint_threshold = '1TB'; DELETE FROM outcome",
    );
    connection.closeSync();
    forged.closeSync();
    expect(
      (await readdir(join(folder.dir, '.millwright'))).filter((name) => name.endsWith('.wal')),
    ).toHaveLength(1);
    expect(JSON.parse((await query(count, '--json')).out)).toEqual([{ n: 136 }]);
  });

  test('and has damaged it is thrown away, so that the next question has a whole one.', async () => {
    await query(count);
    const projection = join(folder.dir, '.millwright/history.duckdb');
    const bytes = await readFile(projection);
    bytes.fill(7, 20_000, bytes.length - 20_000);
    await writeFile(projection, bytes);
    const all = 'SELECT count(notes), count(id)::INT AS n, max(cost_usd), max(idea_id) FROM outcome';
    const first = await query(all);
    if (first.code !== 0) expect(first.err).toMatch(/was thrown away[\s\S]*hint: run the command again/);
    expect(JSON.parse((await query(all, '--json')).out)).toEqual([expect.objectContaining({ n: 136 })]);
  });

  test('and garbage by the thousand is named a few times, without what steers a terminal.', async () => {
    const path = 'state/outcome/2026-01/0001.jsonl';
    const garbage = `\u001b]0;owned\u0007 garbage\n`;
    await folder.write(path, garbage.repeat(2_000));
    await folder.git('add', path);
    await folder.git('commit', '-q', '-m', 'Garbage');
    const { out, err } = await query(count, '--format', 'csv');
    expect(out).toBe('n\n136\n');
    expect(err.split('\n').length).toBeLessThan(25);
    expect(err).toContain(`${path}:1: expected a record`);
    expect(err).toContain('and 1980 more');
    expect(err).not.toContain('\u001b');
    expect((await query('SELECT count(*) AS n FROM _bad_lines', '--format', 'csv')).out).toBe('n\n2000\n');
    await folder.git('revert', '-n', 'HEAD');
    await folder.git('commit', '-q', '-m', 'No garbage');
  });
});

describe('SQL that would do more than ask', () => {
  const outside = [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_json('https://example.org/x.json')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT getenv('HOME')",
    "ATTACH '/tmp/x.duckdb'",
    "COPY outcome TO '/tmp/millwright-x.csv'",
    "COPY (SELECT 1) TO '/tmp/millwright-x.csv'",
    "EXPORT DATABASE '/tmp/millwright-x'",
    'INSTALL httpfs',
    'LOAD httpfs',
    "LOAD '/tmp/x.so'",
    'SET enable_external_access = true',
    'RESET lock_configuration',
    'PRAGMA enable_profiling',
    'CALL force_checkpoint()',
    'CREATE TABLE x AS SELECT 1',
    'CREATE TEMP TABLE x AS SELECT 1',
    'DROP VIEW outcome',
    'DELETE FROM _base_history.main.outcome',
    'INSERT INTO _fresh_main.outcome SELECT * FROM _fresh_main.outcome',
    'UPDATE _fresh_main.outcome SET notes = 1',
    'EXPLAIN ANALYZE INSERT INTO _fresh_main.outcome SELECT * FROM _fresh_main.outcome',
    'EXPLAIN ANALYZE DELETE FROM _fresh_main._kept',
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/millwright-x.csv'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '.millwright/history.duckdb.wal' (FORMAT csv)",
    'EXPLAIN ANALYZE COMMIT',
    'EXPLAIN /* so */ ANALYZE COMMIT',
    '/* so */ EXPLAIN (ANALYZE) COMMIT',
    'EXPLAIN ANALYZE EXPLAIN ANALYZE COMMIT',
    'SELECT * FROM enable_logging()',
    'SELECT $toString',
    'COMMIT',
    'ROLLBACK',
    'DETACH _base_history',
    'USE _base_history',
    'SELECT 1; DROP VIEW outcome',
    'PREPARE v AS SELECT 1',
    "SELECT * FROM query('DROP VIEW outcome')",
    '',
    ';',
    '/* nothing */ -- at all',
    'SELECT (',
  ];

  test.each(outside)('is refused with a hint: %s', async (sql) => {
    const { code, out, err } = await query(sql);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^error: .+\n[\s\S]*hint: /);
    expect(err).not.toContain('fault of Millwright');
    expect(err).not.toContain('root:');
  });

  test('is refused inside a Parquet answer as well.', async () => {
    const target = join(beside, 'b.parquet');
    for (const sql of [
      "SELECT 1) TO '/tmp/millwright-x.csv' (FORMAT csv); --",
      'DROP VIEW outcome',
      'SELECT 1 /*',
    ])
      expect(await query(sql, '--format', 'parquet', '--out', target)).toMatchObject({ code: 1, out: '' });
    expect(await readdir(beside)).not.toContain('b.parquet');
    expect((await readdir('/tmp')).filter((name) => name.startsWith('millwright-x'))).toEqual([]);
  });

  test('has changed nothing.', async () => {
    expect((await query(count, '--format', 'csv')).out).toBe('n\n136\n');
  });
});
