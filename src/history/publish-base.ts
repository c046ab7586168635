import { randomBytes } from 'node:crypto';
import { constants, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Clock } from '../contracts/clock.ts';
import { faultPoint } from '../contracts/fault-point.ts';
import { withProcessLock } from '../git/process-lock.ts';
import type { Segment } from '../ledger/segments.ts';
import { attachBase, type Difference, differenceOf, heldSegments } from './base.ts';
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
  await mkdir(dirname(path), { recursive: true });
  const publish = async () => {
    await sweep(path);
    const unfinished = `${path}.${randomBytes(4).toString('hex')}.new`;
    try {
      await build(path, unfinished, wanted, options);
      await faultPoint('history:built');
      await rename(unfinished, path);
      await rm(`${path}.wal`, { force: true });
    } finally {
      await sweep(path);
    }
  };
  await withProcessLock(`${path}.lock`, options.clock, publish, options.patienceMs);
}

/** Whoever holds the lock builds alone, so what lies there was left by a process that died. */
async function sweep(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  const left = (await readdir(folder)).filter(
    (other) => other.startsWith(`${name}.`) && /\.new(?:\.wal)?$/.test(other),
  );
  await Promise.all(left.map((other) => rm(join(folder, other), { force: true })));
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
    const held = await heldSegments(connection, 'main');
    const from = 1 + held.reduce((most, { number }) => Math.max(most, number), 0);
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

async function forget(
  connection: Awaited<ReturnType<DuckDBInstance['connect']>>,
  { gone }: Difference,
): Promise<void> {
  if (gone.length === 0) return;
  const numbers = gone.map(({ number }) => number).join(', ');
  const kinds = new Set(gone.map(({ path }) => path.split('/')[1]));
  for (const kind of kinds) await connection.run(`DELETE FROM "${kind}" WHERE _segment IN (${numbers})`);
  for (const table of ['_segments', '_bad_lines'])
    await connection.run(`DELETE FROM ${table} WHERE number IN (${numbers})`);
}
