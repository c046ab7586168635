import { DuckDBInstance } from '@duckdb/node-api';
import { type Answer, ask } from './ask.ts';
import type { Question } from './questions.ts';

/** The questions over what `read_json` made of the same files: tables in a database file, or views over the files. */
export async function askRaw(
  database: string,
  before: readonly string[],
  asked: readonly Question[],
  runs: number,
): Promise<Answer[]> {
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  try {
    for (const statement of before) await connection.run(statement);
    return await ask(connection, asked, runs);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
