import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { Kind } from '../contracts/kind.ts';
import { kinds } from '../contracts/kinds.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { type BadLine, listSegments, parseSegment, type Segment } from '../ledger/segments.ts';
import { columnsOf } from './columns.ts';

interface LoadOptions {
  readonly cache: string;
  readonly onBadLine: (bad: BadLine) => void;
}

/** Brings the tables to what the snapshot shows: segments that are gone leave, new ones are read once. */
export async function loadSegments(
  connection: DuckDBConnection,
  snapshot: Snapshot,
  options: LoadOptions,
): Promise<void> {
  for (const kind of kinds) {
    const segments = await listSegments(snapshot, kind.name);
    const loaded = await loadedSegments(connection, kind);
    const current = new Map(segments.map((segment) => [segment.path, segment.oid]));
    const gone = [...loaded].filter(([path, oid]) => current.get(path) !== oid).map(([path]) => path);
    const fresh = segments.filter(({ path, oid }) => loaded.get(path) !== oid);
    if (gone.length > 0 || fresh.length > 0) await replace(connection, snapshot, kind, gone, fresh, options);
  }
}

async function loadedSegments(connection: DuckDBConnection, kind: Kind): Promise<Map<string, string>> {
  const rows = await connection.runAndReadAll('SELECT path, oid FROM _segments WHERE kind = $kind', {
    kind: kind.name,
  });
  return new Map(rows.getRows().map(([path, oid]) => [String(path), String(oid)]));
}

/**
 * One transaction a kind: a process that dies leaves the tables as they were. Segments go to DuckDB as they
 * are; only when it cannot read them are they read again by our own parser, which names the bad lines.
 */
async function replace(
  connection: DuckDBConnection,
  snapshot: Snapshot,
  kind: Kind,
  gone: readonly string[],
  fresh: readonly Segment[],
  options: LoadOptions,
): Promise<void> {
  const folder = await mkdtemp(join(options.cache, 'load-'));
  const asIs = async (segment: Segment) => (await snapshot.blob(segment.oid)).toString('utf8');
  const cleaned = async (segment: Segment) =>
    cleanLines(kind, segment, await asIs(segment), options.onBadLine);
  const attempt = async (content: (segment: Segment) => Promise<string>) => {
    await connection.run('BEGIN');
    try {
      await forget(connection, kind, gone);
      await readFresh(connection, kind, fresh, folder, content);
      await connection.run('COMMIT');
    } catch (error) {
      await connection.run('ROLLBACK');
      throw error;
    }
  };
  try {
    await attempt(asIs).catch(() => attempt(cleaned));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function forget(connection: DuckDBConnection, kind: Kind, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await connection.run(`DELETE FROM "${kind.name}" WHERE _segment = $path`, { path });
    await connection.run('DELETE FROM _segments WHERE path = $path', { path });
  }
}

/** How many segments are copied out and read by one statement. */
const SEGMENTS_A_READ = 200;

async function readFresh(
  connection: DuckDBConnection,
  kind: Kind,
  fresh: readonly Segment[],
  folder: string,
  content: (segment: Segment) => Promise<string>,
): Promise<void> {
  for (let at = 0; at < fresh.length; at += SEGMENTS_A_READ) {
    const names = new Map<string, string>();
    for (const [place, segment] of fresh.slice(at, at + SEGMENTS_A_READ).entries()) {
      const file = join(folder, `${at + place}.jsonl`);
      await writeFile(file, await content(segment));
      names.set(file, segment.path);
      const row = { kind: kind.name, path: segment.path, oid: segment.oid };
      await connection.run('INSERT INTO _segments VALUES ($kind, $path, $oid)', row);
    }
    await insert(connection, kind, names);
  }
}

/** The lines that fit the columns. What does not is reported and stays in the segment. */
function cleanLines(
  kind: Kind,
  segment: Segment,
  content: string,
  onBadLine: (bad: BadLine) => void,
): string {
  const fields = z.object(kind.fields.shape);
  const lines = content.split('\n').flatMap((line, at) => {
    const [entry] = parseSegment(segment.path, line, () => undefined);
    if (entry !== undefined && fields.safeParse(entry).success) return [`${line}\n`];
    if (line !== '') onBadLine({ path: segment.path, line: at + 1, found: line.slice(0, 80) });
    return [];
  });
  return lines.join('');
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
