import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../contracts/clock.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';

/** How long another live process is waited for, where holders keep the lock for milliseconds. */
const PATIENCE_MS = 30_000;

/** Claims of this process: a lock with our own id that is not among them is left from an earlier life. */
const ours = new Set<string>();

/**
 * Runs `work` while no other process of this machine holds the lock at `path`. The lock names its
 * holder, so the lock of a process that was killed is taken over at once.
 * Throws `locked` when a live process keeps it too long.
 * @param patienceMs how long to wait for it; 0 for those who have something better to do
 */
export async function withProcessLock<T>(
  path: string,
  clock: Clock,
  work: () => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const mine = `${process.pid} ${startOf(process.pid) ?? '-'} ${randomBytes(8).toString('hex')}\n`;
  ours.add(mine);
  try {
    await acquire(path, mine, clock, patienceMs);
    return await work();
  } finally {
    if ((await holder(path)) === mine) await rm(path, { force: true });
    ours.delete(mine);
  }
}

async function acquire(path: string, mine: string, clock: Clock, patienceMs: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const since = clock.monotonicMs();
  while (!(await createLinked(path, mine))) {
    const other = await holder(path);
    if (other !== undefined && isDead(other)) await removeStale(path, other, mine);
    else if (clock.monotonicMs() - since >= patienceMs) throw locked(path, other, patienceMs);
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

/** Process ids are used again, soon in a container: the time of the start tells two lives apart. */
function isDead(content: string): boolean {
  const [id = '', start = ''] = content.trim().split(' ');
  const pid = Number.parseInt(id, 10);
  // An empty file is what a power cut leaves of one.
  if (Number.isNaN(pid)) return true;
  if (pid === process.pid) return !ours.has(content);
  const now = startOf(pid);
  if (now !== undefined && /^\d+$/.test(start)) return now !== start;
  return !isRunning(pid);
}

/** When a process began, in ticks since the machine did (proc(5), field 22); undefined where nobody says. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/**
 * Only who has the turn may remove a lock of somebody else, and looks again first: else a slow process
 * could remove the lock of one that has taken over meanwhile.
 */
async function removeStale(path: string, judged: string, mine: string): Promise<void> {
  const turn = `${path}.turn`;
  if (!(await createLinked(turn, mine))) {
    const other = await holder(turn);
    if (other !== undefined && isDead(other)) await rm(turn, { force: true });
    return;
  }
  try {
    if ((await holder(path)) === judged) await rm(path, { force: true });
  } finally {
    await rm(turn, { force: true });
  }
}

function locked(path: string, other: string | undefined, patienceMs: number): MillwrightError {
  const who = other === undefined ? 'another process' : `process ${Number.parseInt(other, 10)}`;
  return new MillwrightError('locked', `${who} has held ${path} for more than ${patienceMs / 1000} s`, {
    hint: 'see whether that process is stuck; the lock frees itself when it ends',
    retry: 'back-off',
    data: { path },
  });
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
