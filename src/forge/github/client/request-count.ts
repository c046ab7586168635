import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../../contracts/clock.ts';
import { withProcessLock } from '../../../git/process-lock.ts';
import { readKept } from '../../../ledger/kept-json.ts';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** Requests by minute of the wall clock, counted from 1970. */
const minutes = z.record(z.string().regex(/^\d{1,12}$/), z.int().min(0));
type Minutes = z.infer<typeof minutes>;

export interface HourlyUse {
  readonly used: number;
  /** When the oldest of them leaves the hour; now when there are none. */
  readonly nextFree: Date;
}

export interface RequestCount {
  /** Adds one unless `limit` are there already. @returns the use before it, and whether it was added */
  add(limit: number): Promise<HourlyUse & { readonly added: boolean }>;
  /** Takes the latest one back: it turned out to be free. */
  takeBack(): Promise<void>;
  use(): Promise<HourlyUse>;
}

/**
 * The requests of the last hour, to a minute, of all processes of this machine: in a file, under a lock. A file
 * that cannot be read counts as empty. A clock that is set back forgets what lies ahead of it.
 */
export function requestCount(path: string, clock: Clock): RequestCount {
  const present = () => Math.floor(clock.now().getTime() / MINUTE_MS);
  const inTurn = oneByOne();
  const read = async () => withinHour((await readKept(path, minutes)) ?? {}, present());
  const change = <T>(work: (counted: Minutes) => T): Promise<T> =>
    inTurn(() =>
      withProcessLock(`${path}.lock`, clock, async () => {
        const counted = await read();
        const before = JSON.stringify(counted);
        const value = work(counted);
        if (JSON.stringify(counted) !== before) await write(path, counted);
        return value;
      }),
    );
  return {
    add: (limit) =>
      change((counted) => {
        const key = String(present());
        const use = useOf(counted, present());
        const added = use.used < limit;
        if (added) counted[key] = (counted[key] ?? 0) + 1;
        return { ...use, added };
      }),
    takeBack: () =>
      change((counted) => {
        const latest = Object.keys(counted).toSorted((a, b) => Number(b) - Number(a))[0];
        if (latest !== undefined) counted[latest] = (counted[latest] ?? 1) - 1;
      }),
    use: async () => useOf(await read(), present()),
  };
}

/** The requests of one client need not race each other for the lock. */
function oneByOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

function withinHour(counted: Minutes, present: number): Minutes {
  const recent = Object.entries(counted).filter(([minute, requests]) => {
    const age = present - Number(minute);
    return age >= 0 && age < HOUR_MINUTES && requests > 0;
  });
  return Object.fromEntries(recent);
}

function useOf(counted: Minutes, present: number): HourlyUse {
  const used = Object.values(counted).reduce((sum, requests) => sum + requests, 0);
  const oldest = Math.min(...Object.keys(counted).map(Number), present);
  const free = used === 0 ? present : oldest + HOUR_MINUTES;
  return { used, nextFree: new Date(free * MINUTE_MS) };
}

async function write(path: string, counted: Minutes): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.tmp`, JSON.stringify(counted), { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}
