import { readFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';

/**
 * Runs SQL statements over a database file, and does nothing else: what any program in this language has to pay.
 * node run-statements.mjs <database> <file with a JSON list of statements>
 */
const [database = '', file = ''] = process.argv.slice(2);
const instance = await DuckDBInstance.create(database);
const connection = await instance.connect();
for (const statement of JSON.parse(await readFile(file, 'utf8'))) await connection.run(statement);
connection.closeSync();
instance.closeSync();
