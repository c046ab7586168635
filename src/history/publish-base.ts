import { randomBytes } from 'node:crypto';
import { constants, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Clock } from '../contracts/clock.ts';
import { faultPoint } from '../contracts/fault-point.ts';
import { isRunning, withProcessLock } from '../git/process-lock.ts';
import type { Segment } from '../ledger/segments.ts';
import { attachBase, type Difference, differenceOf, heldSegments, nextNumber } from './base.ts';
import { bytesOf, type LoadOptions, withSizes } from './load-options.ts';
import { loadSegments } from './load-segments.ts';
import { createTables } from './tables.ts';

/** What a new file is made from. */
export interface PublishOptions extends LoadOptions {
  readonly clock: Clock;
  /** How long to wait for another process that makes one. */
  readonly patienceMs: number;
  /** True: what is there already is not used. */
  readonly fromNothing?: boolean;
}

/**
 * Makes the projection anew beside the old one and puts it in its place, whole. Whoever reads the old one goes on
 * reading it; a process that dies on the way leaves a file that the next one sweeps away.
 * Throws `locked` when another process is making one.
 */
export async function publishBase(
  path: string,
  wanted: readonly Segment[],
  options: PublishOptions,
): Promise<void> {
  try {
    await publish(path, wanted, options);
  } catch (error) {
    if (!isFolderGone(error)) throw error;
    // Somebody has deleted the cache under our hands: once more, into a new one.
    await publish(path, wanted, options);
  }
}

function isFolderGone(error: unknown): boolean {
  return error instanceof Error && /ENOENT|No such file or directory/.test(error.message);
}

async function publish(path: string, wanted: readonly Segment[], options: PublishOptions): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const work = async () => {
    await sweep(path);
    const unfinished = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.new`;
    try {
      await build(path, unfinished, wanted, options);
      await faultPoint('history:built');
      await rm(`${path}.wal`, { force: true });
      await rename(unfinished, path);
    } finally {
      for (const left of [unfinished, `${unfinished}.wal`]) await rm(left, { force: true });
    }
  };
  await withProcessLock(`${path}.lock`, options.clock, work, options.patienceMs);
}

/** What processes left that died. One that lives may build still, when the cache was deleted with its lock. */
async function sweep(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  const left = (await readdir(folder)).filter((other) => {
    const pid = /^\.(\d+)-[0-9a-f]{8}\.new(?:\.wal|\.tmp)?$/.exec(other.slice(name.length))?.[1];
    return (
      other.startsWith(name) && pid !== undefined && Number(pid) !== process.pid && !isRunning(Number(pid))
    );
  });
  await Promise.all(left.map((other) => rm(join(folder, other), { recursive: true, force: true })));
}

async function build(
  path: string,
  unfinished: string,
  wanted: readonly Segment[],
  options: PublishOptions,
): Promise<void> {
  const change = options.fromNothing === true ? undefined : await usable(path, wanted);
  if (change !== undefined) await copyFile(path, unfinished, constants.COPYFILE_FICLONE);
  const instance = await DuckDBInstance.create(unfinished);
  try {
    const connection = await instance.connect();
    // One checkpoint, at the end: the file is nobody's before.
    await connection.run("SET checkpoint_threshold = '1TB'");
    if (change === undefined) await createTables(connection, 'main');
    else await forget(connection, change);
    const from = nextNumber(await heldSegments(connection, 'main'));
    const fresh = await withSizes(change?.fresh ?? wanted, options.snapshot);
    await loadSegments({ connection, within: 'main', from }, fresh, options);
    await connection.run('CHECKPOINT');
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

/** What has to change in the file that is there; undefined when it is better made from nothing. */
async function usable(path: string, wanted: readonly Segment[]): Promise<Difference | undefined> {
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    const held = await attachBase(connection, path);
    if (held === undefined) return undefined;
    const change = differenceOf(held, wanted);
    // Deleted rows leave holes that nothing fills.
    return bytesOf(change.gone) * 4 > bytesOf(change.kept) ? undefined : change;
  } finally {
    instance.closeSync();
  }
}

async function forget(connection: DuckDBConnection, { gone }: Difference): Promise<void> {
  if (gone.length === 0) return;
  const numbers = gone.map(({ number }) => number).join(', ');
  const kinds = new Set(gone.map(({ path }) => path.split('/')[1]));
  for (const kind of kinds) await connection.run(`DELETE FROM "${kind}" WHERE _segment IN (${numbers})`);
  for (const table of ['_segments', '_bad_lines'])
    await connection.run(`DELETE FROM ${table} WHERE number IN (${numbers})`);
}
