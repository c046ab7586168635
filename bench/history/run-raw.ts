import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Measured, measureNode } from '../measure.ts';

const script = fileURLToPath(new URL('run-statements.mjs', import.meta.url));

/** SQL statements over a database file in a process of their own, with nothing but DuckDB's client in it. */
export async function runRaw(database: string, statements: readonly string[]): Promise<Measured> {
  const file = `${database}.json`;
  await writeFile(file, JSON.stringify(statements));
  const done = await measureNode([script, database, file], '.');
  if (done.code !== 0) throw new Error(`${database} ended with ${done.code}: ${done.stdout}`);
  return done;
}
