import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../contracts/clock.ts';
import { codeOf, withProcessLock } from './process-lock.ts';

/** The pushes of the last minute, and the right to make one more. */
export interface PushHistory {
  /**
   * Takes a turn when fewer than `limit` pushes were made in the last minute.
   * @returns 0 when it was taken, else the milliseconds until one may be free
   */
  take(limit: number): Promise<number>;
  used(): Promise<number>;
}

const MINUTE_MS = 60_000;

/** For one process. Measured on its monotonic clock. */
export function pushesOfProcess(clock: Clock): PushHistory {
  let spent: number[] = [];
  const recent = () => {
    spent = withinMinute(spent, clock.monotonicMs());
    return spent;
  };
  return {
    take: async (limit) => {
      const wait = untilFree(recent(), limit, clock.monotonicMs());
      if (wait === 0) spent.push(clock.monotonicMs());
      return wait;
    },
    used: async () => recent().length,
  };
}

/**
 * For all processes of this machine: times of the wall clock in a file, under a lock. A clock that jumps costs
 * at most a minute of waiting, or a minute's pushes too many; a file that cannot be read counts as empty.
 */
export function pushesOfMachine(clock: Clock, path: string): PushHistory {
  const now = () => clock.now().getTime();
  const recent = async () => withinMinute(await readTimes(path), now());
  return {
    take: (limit) =>
      withProcessLock(`${path}.lock`, clock, async () => {
        const spent = await recent();
        const wait = untilFree(spent, limit, now());
        if (wait === 0) await writeTimes(path, [...spent, now()]);
        return wait;
      }),
    used: async () => (await recent()).length,
  };
}

function untilFree(spent: readonly number[], limit: number, now: number): number {
  const oldest = spent[spent.length - limit];
  return oldest === undefined ? 0 : Math.max(1, oldest + MINUTE_MS - now);
}

/** Times of the future were written before the clock was set back: they say nothing. */
function withinMinute(times: readonly number[], now: number): number[] {
  return times.filter((at) => at > now - MINUTE_MS && at <= now);
}

async function readTimes(path: string): Promise<number[]> {
  try {
    const times: unknown = JSON.parse(await readFile(path, 'utf8'));
    return Array.isArray(times) ? times.filter((at) => typeof at === 'number') : [];
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function writeTimes(path: string, times: readonly number[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, JSON.stringify(times));
  await rename(`${path}.tmp`, path);
}
