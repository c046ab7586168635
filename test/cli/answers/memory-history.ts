import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type AnswerOptions, writeAnswer } from '../../../src/cli/answers/write-answer.ts';

export interface MemoryHistory extends AsyncDisposable {
  readonly connection: DuckDBConnection;
  /** What `writeAnswer` writes for a query, in one piece. */
  bytes(sql: string, options: AnswerOptions): Promise<Buffer>;
  text(sql: string, options: AnswerOptions): Promise<string>;
  rows(sql: string): Promise<unknown[][]>;
}

/** A DuckDB in memory, and what the formats make of its answers. */
export async function memoryHistory(): Promise<MemoryHistory> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const bytes = async (sql: string, options: AnswerOptions) => {
    const pieces: Buffer[] = [];
    const sink = {
      write: async (piece: string | Uint8Array) => {
        pieces.push(Buffer.from(piece));
      },
    };
    await writeAnswer(await connection.stream(sql), options, sink);
    return Buffer.concat(pieces);
  };
  return {
    connection,
    bytes,
    text: async (sql, options) => (await bytes(sql, options)).toString('utf8'),
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRows(),
    [Symbol.asyncDispose]: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
