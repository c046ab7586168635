import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../contracts/clock.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';

/** How long another live process is waited for. Holders keep a lock for milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Runs `work` while no other process of this machine holds the lock at `path`. The lock names its
 * holder, so the lock of a process that was killed is taken over at once.
 * Throws `locked` when a live process keeps it too long.
 */
export async function withProcessLock<T>(path: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const mine = `${process.pid} ${randomBytes(8).toString('hex')}\n`;
  await acquire(path, mine, clock);
  try {
    return await work();
  } finally {
    if ((await holder(path)) === mine) await rm(path, { force: true });
  }
}

async function acquire(path: string, mine: string, clock: Clock): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const since = clock.monotonicMs();
  while (!(await createLinked(path, mine))) {
    const other = await holder(path);
    if (other !== undefined && isDead(other)) await removeStale(path, other);
    else if (clock.monotonicMs() - since > PATIENCE_MS) throw locked(path, other);
    else await clock.sleep(2 + Math.random() * 20);
  }
}

/**
 * Creates a file that must not exist yet, with its content there from the first moment.
 * @returns false when the name is taken
 */
export async function createLinked(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, content);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function holder(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isDead(content: string): boolean {
  const pid = Number.parseInt(content, 10);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Moved aside first and looked at again: between the look and the move somebody may have taken over. */
async function removeStale(path: string, judged: string): Promise<void> {
  const aside = `${path}.stale.${randomBytes(4).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await holder(aside)) !== judged) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function locked(path: string, other: string | undefined): MillwrightError {
  const who = other === undefined ? 'another process' : `process ${Number.parseInt(other, 10)}`;
  return new MillwrightError('locked', `${who} has held ${path} for more than ${PATIENCE_MS / 1000} s`, {
    hint: 'see whether that process is stuck; the lock frees itself when it ends',
    retry: 'back-off',
    data: { path },
  });
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
