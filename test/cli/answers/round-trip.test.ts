import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Table, tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MemoryHistory, memoryHistory } from './memory-history.ts';

const columns = {
  i: 'INTEGER',
  b: 'BIGINT',
  h: 'HUGEINT',
  m: 'DECIMAL(18, 3)',
  d: 'DOUBLE',
  y: 'BOOLEAN',
  v: 'VARCHAR',
  t: 'TIMESTAMP',
  o: 'DATE',
  l: 'VARCHAR[]',
  s: 'STRUCT(a INTEGER, b VARCHAR)',
} as const;
const names = Object.keys(columns).join(', ');

const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(
      '',
      ' ',
      '"',
      ',',
      '\n',
      '\r',
      '\r\n',
      '=1+1',
      '@x',
      "'",
      '\\',
      'NULL',
      'null',
      '\t',
      '🦆',
    ),
  )
  .filter((value) => !value.includes('\0'));

const row = fc.record({
  i: fc.option(fc.integer()),
  b: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  h: fc.option(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n })),
  m: fc.option(fc.integer({ min: -(10 ** 12), max: 10 ** 12 })),
  d: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
  y: fc.option(fc.boolean()),
  v: fc.option(text),
  t: fc.option(fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n })),
  o: fc.option(fc.integer({ min: -719_162, max: 2_932_896 })),
  l: fc.option(fc.array(fc.option(text), { maxLength: 3 })),
  s: fc.option(fc.record({ a: fc.option(fc.integer()), b: fc.option(text) })),
});
type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never;

let history: MemoryHistory;
let folder: string;
beforeAll(async () => {
  history = await memoryHistory();
  folder = await mkdtemp(join(tmpdir(), 'answers-'));
  const definition = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  await history.connection.run(`CREATE TABLE given (k INTEGER, ${definition.join(', ')})`);
});
afterAll(async () => {
  await history[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const quoted = (value: string | null) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);

function sqlOf({ i, b, h, m, d, y, v, t, o, l, s }: Row, key: number): string {
  const cells = [
    key,
    i,
    b,
    h === null ? null : `'${h}'::HUGEINT`,
    m === null ? null : `${m}::DECIMAL(18, 3) / 1000`,
    d === null ? null : `'${d}'::DOUBLE`,
    y,
    quoted(v),
    t === null ? null : `make_timestamp(${t})`,
    o === null ? null : `DATE '1970-01-01' + (${o})::INTEGER`,
    l === null ? null : `[${l.map(quoted).join(', ')}]::VARCHAR[]`,
    s === null ? null : `{'a': ${s.a}, 'b': ${quoted(s.b)}}`,
  ];
  return `(${cells.map((cell) => cell ?? 'NULL').join(', ')})`;
}

async function fill(rows: readonly Row[]): Promise<void> {
  await history.connection.run('DELETE FROM given');
  await history.connection.run(`INSERT INTO given VALUES ${rows.map(sqlOf).join(', ')}`);
}

const rows = fc.array(row, { minLength: 1, maxLength: 20 });
const typed = JSON.stringify({ k: 'INTEGER', ...columns }).replaceAll('"', "'");

describe('what is written is read back the same', () => {
  test('as JSON lines, by DuckDB.', () =>
    roundTrip('jsonl', (path) => `read_json('${path}', format = 'newline_delimited', columns = ${typed})`));

  test('as JSON, by DuckDB.', () =>
    roundTrip('json', (path) => `read_json('${path}', format = 'array', columns = ${typed})`));

  test('as CSV, by DuckDB.', () =>
    roundTrip(
      'csv',
      (path) =>
        `read_csv('${path}', header = true, delim = ',', quote = '"', escape = '"', allow_quoted_nulls = false,
      columns = ${typed.replace("'VARCHAR[]'", "'JSON'").replace(/'STRUCT[^']*'/, "'JSON'")})`,
    ));

  test('as Arrow, by its own package.', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        await fill(given);
        const table = tableFromIPC(
          await history.bytes('SELECT * FROM given ORDER BY k', { format: 'arrow' }),
        );
        expect(table.numRows).toBe(given.length);
        given.forEach((expected, at) => {
          const found = { ...table.get(at)?.toJSON(), t: exactTime(table, at) };
          expect(arrowRow(found)).toEqual({
            ...expected,
            k: at,
            m: expected.m === null ? null : String(expected.m),
          });
        });
      }),
      { numRuns: 25 },
    );
  });
});

async function roundTrip(format: 'csv' | 'json' | 'jsonl', reader: (path: string) => string): Promise<void> {
  const path = join(folder, `answer.${format}`);
  await fc.assert(
    fc.asyncProperty(rows, async (given) => {
      await fill(given);
      await writeFile(path, await history.bytes('SELECT * FROM given ORDER BY k', { format }));
      const back = `SELECT k, i, b, h, m, d, y, v, t, o, l::VARCHAR[], s::${columns.s} FROM ${reader(path)} ORDER BY k`;
      expect(await history.rows(back)).toEqual(
        await history.rows(`SELECT k, ${names} FROM given ORDER BY k`),
      );
    }),
    { numRuns: 25 },
  );
}

/** What the package reads, in the terms of the generator. */
function arrowRow(found: Record<string, unknown>): Record<string, unknown> {
  const { h, m, t, o, l, s, ...rest } = found;
  return {
    ...rest,
    h: h === null ? null : signed(h as Uint32Array),
    m: m === null ? null : String(signed(m as Uint32Array)),
    t,
    o: o === null ? null : Number(o) / 86_400_000,
    l: l === null ? null : [...(l as Iterable<unknown>)],
    s: s === null ? null : { ...(s as { toJSON(): object }).toJSON() },
  };
}

function signed(words: Uint32Array): bigint {
  const bits = [...words].reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return BigInt.asIntN(128, bits);
}

/** The package's own rows have milliseconds as a double, which cannot hold every microsecond. */
function exactTime(table: Table, at: number): bigint | null {
  const times = table.getChild('t');
  if (times === null || times.get(at) === null) return null;
  return (times.data[0]?.values as BigInt64Array | undefined)?.[at] ?? null;
}
