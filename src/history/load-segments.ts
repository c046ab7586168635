import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Kind } from '../contracts/kind.ts';
import { kinds } from '../contracts/kinds.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { type BadLine, listSegments, type Segment } from '../ledger/segments.ts';
import { columnsOf } from './columns.ts';
import { recordLines } from './record-lines.ts';
import { rowsOf } from './rows.ts';

/** How the names of folders begin through which segments go to DuckDB. */
export const LOAD_FOLDER = 'load-';

/**
 * Brings the tables to what the snapshot shows: segments that are gone leave, new ones are read once.
 * @param folder in which files may lie for the time of the load
 */
export async function loadSegments(
  connection: DuckDBConnection,
  snapshot: Snapshot,
  folder: string,
): Promise<void> {
  for (const kind of kinds) {
    const segments = await listSegments(snapshot, kind.name);
    const loaded = await loadedSegments(connection, kind);
    const current = new Map(segments.map((segment) => [segment.path, segment.oid]));
    const gone = [...loaded].filter(([path, oid]) => current.get(path) !== oid).map(([path]) => path);
    const fresh = segments.filter(({ path, oid }) => loaded.get(path) !== oid);
    if (gone.length > 0 || fresh.length > 0) await replace(connection, snapshot, kind, gone, fresh, folder);
  }
}

/** Lines that could not be read, whichever process has read their segment. */
export async function badLines(connection: DuckDBConnection): Promise<BadLine[]> {
  return rowsOf<BadLine>(connection, 'SELECT path, line, found FROM _bad_lines ORDER BY path, line');
}

async function loadedSegments(connection: DuckDBConnection, kind: Kind): Promise<Map<string, string>> {
  const rows = await connection.runAndReadAll('SELECT path, oid FROM _segments WHERE kind = $kind', {
    kind: kind.name,
  });
  return new Map(rows.getRows().map(([path, oid]) => [String(path), String(oid)]));
}

/** One transaction a kind: a process that dies leaves the tables as they were. */
async function replace(
  connection: DuckDBConnection,
  snapshot: Snapshot,
  kind: Kind,
  gone: readonly string[],
  fresh: readonly Segment[],
  within: string,
): Promise<void> {
  const folder = await mkdtemp(join(within, LOAD_FOLDER));
  try {
    await connection.run('BEGIN');
    await forget(connection, kind, gone);
    await readFresh(connection, snapshot, kind, fresh, folder);
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK');
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function forget(connection: DuckDBConnection, kind: Kind, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await connection.run(`DELETE FROM "${kind.name}" WHERE _segment = $path`, { path });
    await connection.run('DELETE FROM _segments WHERE path = $path', { path });
    await connection.run('DELETE FROM _bad_lines WHERE path = $path', { path });
  }
}

/** How many segments are copied out and read by one statement. */
const SEGMENTS_A_READ = 200;

async function readFresh(
  connection: DuckDBConnection,
  snapshot: Snapshot,
  kind: Kind,
  fresh: readonly Segment[],
  folder: string,
): Promise<void> {
  for (let at = 0; at < fresh.length; at += SEGMENTS_A_READ) {
    const names = new Map<string, string>();
    for (const [place, segment] of fresh.slice(at, at + SEGMENTS_A_READ).entries()) {
      const file = join(folder, `${at + place}.jsonl`);
      const content = (await snapshot.blob(segment.oid)).toString('utf8');
      const { text, bad } = recordLines(kind, segment.path, content);
      await writeFile(file, text);
      names.set(file, segment.path);
      await remember(connection, segment, bad);
    }
    await insert(connection, kind, names);
  }
}

async function remember(
  connection: DuckDBConnection,
  segment: Segment,
  bad: readonly BadLine[],
): Promise<void> {
  const { kind, path, oid } = segment;
  await connection.run('INSERT INTO _segments VALUES ($kind, $path, $oid)', { kind, path, oid });
  for (const { line, found } of bad)
    await connection.run('INSERT INTO _bad_lines VALUES ($path, $line, $found)', { path, line, found });
}

/** Paths are ours, made of digits; they are bound all the same. */
async function insert(
  connection: DuckDBConnection,
  kind: Kind,
  names: ReadonlyMap<string, string>,
): Promise<void> {
  const columns = columnsOf(kind);
  const list = columns.map(({ name, type }) => `'${name}': '${type}'`).join(', ');
  const selected = columns.map(({ name }) => `"${name}"`).join(', ');
  await connection.run('CREATE OR REPLACE TEMP TABLE _names (file VARCHAR, path VARCHAR)');
  for (const [file, path] of names)
    await connection.run('INSERT INTO _names VALUES ($file, $path)', { file, path });
  const files = [...names.keys()].map((file) => `'${file.replaceAll("'", "''")}'`).join(', ');
  const source = `read_json([${files}], columns = {${list}}, format = 'newline_delimited', filename = true, maximum_object_size = 16777216)`;
  await connection.run(
    `INSERT INTO "${kind.name}" SELECT ${selected}, n.path FROM ${source} r JOIN _names n ON n.file = r.filename`,
  );
}
