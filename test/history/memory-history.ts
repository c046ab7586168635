import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { kinds } from '../../src/contracts/kinds.ts';
import { columnsOf } from '../../src/history/columns.ts';
import { rowsOf } from '../../src/history/rows.ts';
import type { View } from '../../src/history/view-file.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Records by kind. What a record does not say of its envelope is filled in. */
export type Records = Readonly<Record<string, readonly Fields[]>>;

export interface MemoryHistory extends Disposable {
  readonly connection: DuckDBConnection;
  fill(records: Records): Promise<void>;
  /** Takes all records away. */
  clear(): Promise<void>;
  ask<Row = Fields>(sql: string): Promise<Row[]>;
}

/** The tables of all kinds and these views, in memory. */
export async function memoryHistory(views: readonly View[]): Promise<MemoryHistory> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const kind of kinds) {
    const columns = columnsOf(kind).map(({ name, type }) => `"${name}" ${type}`);
    await connection.run(`CREATE TABLE "${kind.name}" (${columns.join(', ')})`);
  }
  for (const { name, sql } of views) await connection.run(`CREATE VIEW "${name}" AS ${sql}`);
  return {
    connection,
    fill: async (records) => {
      for (const [kind, some] of Object.entries(records)) await insert(connection, kind, some);
    },
    clear: async () => {
      for (const { name } of kinds) await connection.run(`DELETE FROM "${name}"`);
    },
    ask: <Row>(sql: string) => rowsOf<Row>(connection, sql),
    [Symbol.dispose]: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function insert(
  connection: DuckDBConnection,
  kindName: string,
  records: readonly Fields[],
): Promise<void> {
  const kind = kinds.find(({ name }) => name === kindName);
  if (kind === undefined) throw new Error(`no kind ${kindName}`);
  const folder = await mkdtemp(join(tmpdir(), 'millwright-rows-'));
  try {
    const file = join(folder, 'rows.jsonl');
    await writeFile(
      file,
      records.map((record, at) => `${JSON.stringify(filled(kindName, record, at))}\n`).join(''),
    );
    const list = columnsOf(kind).map(({ name, type }) => `'${name}': '${type}'`);
    const source = `read_json('${file}', columns = {${list.join(', ')}}, format = 'newline_delimited')`;
    await connection.run(`INSERT INTO "${kindName}" SELECT * FROM ${source}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function filled(kind: string, record: Fields, at: number): Fields {
  const id = `${kind}-${String(at).padStart(3, '0')}`;
  return { id, kind, schema_version: 1, recorded_at: '2026-11-21T00:00:00.000Z', source: 'test', ...record };
}
