import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kindNames } from '../../src/contracts/kinds.ts';
import { rowsOf } from '../../src/history/rows.ts';
import { allViews } from '../../src/runner/views.ts';
import { freshWorkspace, importDemoRows } from '../e2e/prepared-workspace.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { jsonOf, runCliIn } from './run-cli-in.ts';

let folder: GitFolder;
let beside: string;
let start: string;

beforeAll(async () => {
  folder = await freshWorkspace();
  beside = dirname(folder.dir);
  start = (await folder.git('rev-parse', 'HEAD')).trim();
  await importDemoRows(folder);
  await runCliIn(folder.dir, ['run', '--once']);
}, 120_000);
afterAll(() => folder[Symbol.asyncDispose]());

const call = (...argv: string[]) => runCliIn(folder.dir, argv);

/** DuckDB alone, as anybody has it. */
async function stock(path: string, work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  try {
    const connection = await instance.connect();
    await work(connection);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

/** Every table and view, as CSV. */
async function askEverything(): Promise<Map<string, unknown>> {
  const answers = new Map<string, unknown>();
  for (const name of [...kindNames(), ...(await allViews()).map((view) => view.name)])
    answers.set(name, JSON.parse((await call('query', `SELECT count(*) AS n FROM ${name}`, '--json')).out));
  return answers;
}

async function sameEverywhere(connection: DuckDBConnection): Promise<void> {
  for (const [name, rows] of await askEverything())
    expect([name, await rowsOf(connection, `SELECT count(*) AS n FROM ${name}`)]).toEqual([name, rows]);
}

describe('an export', () => {
  test('is a DuckDB file with all tables, views and comments that needs no Millwright, whatever its name.', async () => {
    const out = join(beside, 'as-duckdb');
    expect(jsonOf(await call('export', '--format', 'duckdb', '--out', out, '--json'))).toMatchObject({
      tables: { outcome: 136 },
      files: 1,
    });
    await rename(join(out, 'history.duckdb'), join(out, 'mine.duckdb'));
    await stock(join(out, 'mine.duckdb'), async (connection) => {
      await sameEverywhere(connection);
      const sql =
        "SELECT count(*) AS n FROM duckdb_columns() WHERE NOT internal AND comment IS NULL AND table_name NOT LIKE 'now_%'";
      expect(await rowsOf(connection, sql)).toEqual([{ n: 0 }]);
    });
  });

  test.each([
    ['parquet', 'month'],
    ['parquet', undefined],
    ['csv', 'month'],
    ['csv', undefined],
  ])('is a folder of %s (partition: %s) that its own views.sql opens.', async (format, partition) => {
    const out = join(beside, `as-${format}-${partition ?? 'whole'}`);
    const more = partition === undefined ? [] : ['--partition', partition];
    expect(await call('export', '--format', format, '--out', out, ...more)).toMatchObject({ code: 0 });
    if (partition !== undefined)
      expect(await readdir(join(out, 'outcome'))).toEqual([expect.stringMatching(/^month=\d{4}-\d{2}$/)]);
    const sql = (await readFile(join(out, 'views.sql'), 'utf8')).replaceAll(
      /read_(parquet|csv)\('/g,
      `read_$1('${out}/`,
    );
    await stock(':memory:', async (connection) => {
      await connection.run(sql);
      if (format === 'parquet') await sameEverywhere(connection);
      else expect(await rowsOf(connection, 'SELECT count(*) AS n FROM outcome')).toEqual([{ n: 136 }]);
    });
  });

  test('leaves what is there alone, and nothing behind when it fails.', async () => {
    const out = join(beside, 'full');
    await folder.write('../full/mine.txt', 'mine');
    expect(await call('export', '--out', out)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not empty'),
    });
    expect(await readdir(out)).toEqual(['mine.txt']);
    const stop = AbortSignal.abort();
    const gone = join(beside, 'gone');
    expect((await runCliIn(folder.dir, ['export', '--out', gone], { signal: stop })).code).toBe(130);
    expect((await readdir(beside)).filter((name) => name.includes('gone'))).toEqual([]);
    for (const argv of [
      ['--format', 'xml', '--out', gone],
      ['--format', 'duckdb', '--partition', 'month', '--out', gone],
      [],
    ])
      expect((await call('export', ...argv)).code).toBe(2);
  });
});

describe('the difference of two times', () => {
  test('says what came, per kind and per view, and shows rows.', async () => {
    const changes = jsonOf(await call('diff', '--from', start, '--rows', '2', '--json')) as {
      name: string;
    }[];
    const byName = new Map(changes.map((change) => [change.name, change]));
    expect(byName.get('outcome')).toMatchObject({ group: 'table', from: 0, to: 136, added: 136, removed: 0 });
    expect(byName.get('outcomes_by_persona_version')).toMatchObject({ group: 'view', from: 0 });
    expect(byName.get('outcome')).toHaveProperty('rows.length', 2);
    const words = (await call('diff', '--from', start, '--only', 'outcome')).out;
    expect(words).toMatch(/^outcome: 0 -> 136 rows, 136 came, 0 went\n {2}\+ id=/);
  });

  test('runs backwards as well, and is empty between one time and itself.', async () => {
    const back = jsonOf(await call('diff', '--from', 'HEAD', '--to', start, '--only', 'outcome', '--json'));
    expect(back).toEqual([expect.objectContaining({ from: 136, to: 0, added: 0, removed: 136 })]);
    expect((await call('diff', '--from', 'HEAD')).out).toBe('nothing came in between\n');
    expect(await call('diff', '--from', start, '--only', 'outcom')).toMatchObject({
      code: 1,
      err: expect.stringContaining('did you mean outcome?'),
    });
  });
});

describe('a cache that cannot be made', () => {
  test('costs the time to read the history, and every command that asks it says so.', async () => {
    await using other = await freshWorkspace();
    await rm(join(other.dir, '.millwright'), { recursive: true, force: true });
    await other.write('.millwright', 'a file is in the way');
    for (const argv of [
      ['query', 'SELECT 1'],
      ['diff', '--from', 'HEAD'],
      ['export', '--out', join(dirname(other.dir), 'exported')],
    ])
      expect(await runCliIn(other.dir, argv)).toMatchObject({
        code: 0,
        err: expect.stringContaining('the history was read into memory and not kept'),
      });
    const { code, err } = await runCliIn(other.dir, ['rebuild']);
    expect([code, err]).toEqual([1, expect.stringContaining('something else is in the way')]);
  });
});

describe('a picture', () => {
  const sql = 'SELECT model, count(*) AS n FROM outcome GROUP BY model ORDER BY n';

  test('is an SVG or a PNG file, or characters.', async () => {
    for (const ending of ['svg', 'png']) {
      const out = join(beside, `p.${ending}`);
      expect(await call('plot', sql, '-o', out)).toMatchObject({ code: 0 });
      const bytes = await readFile(out);
      expect(bytes.toString('latin1', 0, 4)).toBe(ending === 'svg' ? '<svg' : '\x89PNG');
    }
    expect((await call('plot', sql)).out).toMatch(/^n by model\n.*█/);
    expect((await call('plot', 'outcomes_by_persona_version', '--y', 'runs')).code).toBeLessThan(2);
  });

  test('says what it lacks.', async () => {
    expect((await call('plot', sql, '--y', 'modle')).err).toContain('did you mean');
    expect((await call('plot', sql, '-o', join(beside, 'p.gif'))).code).toBe(2);
    expect((await call('plot', `${sql} LIMIT 0`)).err).toContain('hint:');
  });
});
