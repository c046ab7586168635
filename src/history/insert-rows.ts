import type { DuckDBConnection } from '@duckdb/node-api';
import type { Kind } from '../contracts/kind.ts';
import { columnsOf } from './columns.ts';
import type { Examined } from './examine-segment.ts';
import { LONGEST_LINE } from './record-lines.ts';
import { quoted } from './sql-text.ts';

interface Target {
  readonly connection: DuckDBConnection;
  /** Where the tables stand, such as `main`. */
  readonly within: string;
  readonly kind: Kind;
}

/** Reads files of records into the table of their kind, all or none. @param files by the number of their segment */
export async function insertFiles(
  { connection, within, kind }: Target,
  files: ReadonlyMap<number, string>,
): Promise<void> {
  if (files.size === 0) return;
  const columns = columnsOf(kind);
  const list = columns.map(({ name, type }) => `'${name}': '${type}'`).join(', ');
  const selected = columns.map(({ name }) => `r."${name}"`).join(', ');
  const paths = [...files.values()].map(quoted).join(', ');
  const names = [...files].map(([number, path]) => tuple(number, path)).join(', ');
  await connection.run(
    `INSERT INTO ${within}."${kind.name}" SELECT ${selected}, n.number FROM read_json([${paths}], columns = {${list}}, format = 'newline_delimited', filename = true, maximum_object_size = ${LONGEST_LINE * 2}) r JOIN (VALUES ${names}) n(number, file) ON n.file = r.filename`,
  );
}

export async function forgetRows(
  { connection, within, kind }: Target,
  numbers: readonly number[],
): Promise<void> {
  if (numbers.length === 0) return;
  await connection.run(`DELETE FROM ${within}."${kind.name}" WHERE _segment IN (${numbers.join(', ')})`);
}

/** A segment may be all garbage; a statement is not to be as long as that. */
const TUPLES_A_STATEMENT = 1_000;

/** Notes which blobs have been read, and which lines could not be. */
export async function rememberSegments(
  { connection, within }: Target,
  examined: readonly Examined[],
): Promise<void> {
  const segments = examined.map(({ number, segment: { kind, path, oid, bytes }, records }) =>
    tuple(number, kind, path, oid, bytes, records),
  );
  const unread = examined.flatMap(({ number, segment, unread: lines }) =>
    lines.map(({ line, found }) => tuple(number, segment.path, line, found)),
  );
  for (const [table, tuples] of [
    ['_segments', segments],
    ['_bad_lines', unread],
  ] as const) {
    for (let at = 0; at < tuples.length; at += TUPLES_A_STATEMENT) {
      const some = tuples.slice(at, at + TUPLES_A_STATEMENT).join(', ');
      await connection.run(`INSERT INTO ${within}.${table} VALUES ${some}`);
    }
  }
}

function tuple(...values: readonly (string | number)[]): string {
  return `(${values.map((value) => (typeof value === 'number' ? value : quoted(value))).join(', ')})`;
}
