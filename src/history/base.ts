import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Segment } from '../ledger/segments.ts';
import { rowsOf } from './rows.ts';
import { quoted } from './sql-text.ts';
import { hasShape } from './tables.ts';

/** A segment that a projection holds. */
export interface HeldSegment {
  /** What its rows say in `_segment`. */
  readonly number: number;
  readonly path: string;
  readonly oid: string;
  readonly bytes: number;
}

/** What of the segments that are wanted a projection holds already. */
export interface Difference {
  /** Held and wanted. */
  readonly kept: readonly HeldSegment[];
  /** Held, and not wanted any more: it has grown since, or is gone. */
  readonly gone: readonly HeldSegment[];
  readonly fresh: readonly Segment[];
}

/** The name under which a file is attached: one file cannot be attached under two. */
export function catalogOf(path: string): string {
  return `_base_${basename(path, '.duckdb').replaceAll(/[^a-z0-9]/g, '_')}`;
}

/**
 * Attaches a projection to read it, unless it is attached already.
 * @returns its segments; undefined when there is none that is whole and of this shape
 */
export async function attachBase(
  connection: DuckDBConnection,
  path: string,
): Promise<HeldSegment[] | undefined> {
  const name = catalogOf(path);
  // A projection is whole when it gets its name: what lies beside it as its log is not of our making.
  if (await exists(`${path}.wal`)) return undefined;
  try {
    await connection.run(`ATTACH IF NOT EXISTS ${quoted(path)} AS ${name} (READ_ONLY)`);
  } catch {
    return undefined;
  }
  try {
    if (await hasShape(connection, `${name}.main`)) return await heldSegments(connection, `${name}.main`);
  } catch {
    // Tables are missing or damaged: as good as none.
  }
  await connection.run(`DETACH ${name}`);
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** As one text: thousands of rows as objects take longer than all else that an opening does. */
export async function heldSegments(connection: DuckDBConnection, within: string): Promise<HeldSegment[]> {
  const [row] = await rowsOf<{ all: string | null }>(
    connection,
    `SELECT string_agg(concat_ws(' ', number, path, oid, bytes), '\n') AS "all" FROM ${within}._segments`,
  );
  if (row === undefined || row.all === null) return [];
  return row.all.split('\n').map((line) => {
    const [number = '', path = '', oid = '', bytes = ''] = line.split(' ');
    return { number: Number(number), path, oid, bytes: Number(bytes) };
  });
}

/** The first number that no segment has had. */
export function nextNumber(held: readonly HeldSegment[]): number {
  return 1 + held.reduce((most, { number }) => Math.max(most, number), 0);
}

export function differenceOf(held: readonly HeldSegment[], wanted: readonly Segment[]): Difference {
  const current = new Map(wanted.map(({ path, oid }) => [path, oid]));
  const kept = held.filter(({ path, oid }) => current.get(path) === oid);
  const there = new Set(kept.map(({ path }) => path));
  return {
    kept,
    gone: held.filter(({ path }) => !there.has(path)),
    fresh: wanted.filter(({ path }) => !there.has(path)),
  };
}
