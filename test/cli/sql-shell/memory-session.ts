import { DuckDBInstance } from '@duckdb/node-api';
import type { SqlSession } from '../../../src/cli/sql-shell/session.ts';
import { MillwrightError } from '../../../src/contracts/millwright-error.ts';

export interface MemorySession extends SqlSession, AsyncDisposable {
  readonly asked: readonly string[];
}

/** A session on a real DuckDB in memory, with one table. It says what it was asked. */
export async function memorySession(): Promise<MemorySession> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE outcome AS SELECT range AS id, 'n' || range AS name FROM range(3)`);
  const asked: string[] = [];
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return {
    asked,
    run: (sql, signal) => {
      asked.push(sql);
      signal.addEventListener('abort', () => connection.interrupt(), { once: true });
      return connection.stream(sql);
    },
    names: async () => [
      {
        name: 'outcome',
        summary: 'what came of it',
        columns: [
          { name: 'id', type: 'BIGINT', text: 'which one' },
          { name: 'name', type: 'VARCHAR', text: 'what it is called' },
        ],
      },
    ],
    at: async (when) => {
      asked.push(`at ${when}`);
      if (when === 'never')
        throw new MillwrightError('usage', 'there was no such time', { hint: 'try 2026-01-01' });
    },
    close,
    [Symbol.asyncDispose]: async () => close(),
  };
}
