import { setTimeout as pause } from 'node:timers/promises';
import type { Shift } from '../e2e/crew.ts';
import type { FaultyRemote } from './faulty-remote.ts';
import type { Member } from './member.ts';

export interface Stormy {
  readonly remote: FaultyRemote;
  readonly workers: readonly Member[];
  readonly runners: readonly Member[];
  /** Milliseconds: pauses are longer than this. */
  readonly leaseMs: number;
}

/** How often each fault befell them. */
export type Tally = Record<string, number>;

/**
 * Faults at random until the signal aborts; afterwards nobody is dead or paused and the remote is well. Several
 * faults may last at the same time.
 */
export async function storm(stormy: Stormy, shift: Shift): Promise<Tally> {
  const tally: Tally = {};
  const under: Promise<void>[] = [];
  const weather = { refusing: 0 };
  stormy.remote.trouble = (req) => {
    const dice = shift.random();
    if (dice < weather.refusing) return refusals[Math.floor(shift.random() * refusals.length)];
    if (req.method !== 'POST' || dice > 0.94) return undefined;
    return dice < 0.03 ? count(tally, 'cut') : dice < 0.06 ? count(tally, 'cut-after') : undefined;
  };
  while (!shift.signal.aborted) {
    const name = drawn(shift.random());
    count(tally, name);
    under.push(faults[name](stormy, shift, weather));
    await pause(300 + shift.random() * 700);
  }
  await Promise.all(under);
  stormy.remote.trouble = () => undefined;
  return tally;
}

const refusals = [
  { status: 500 },
  { status: 503, headers: { 'Retry-After': '0' } },
  { status: 429, headers: { 'Retry-After': '1' } },
  { status: 502 },
] as const;

function count<Name extends string>(tally: Tally, name: Name): Name {
  tally[name] = (tally[name] ?? 0) + 1;
  return name;
}

type Fault = 'kill' | 'pause' | 'kill-runner' | 'restart' | 'slow' | 'busy';

function drawn(dice: number): Fault {
  if (dice < 0.32) return 'kill';
  if (dice < 0.62) return 'pause';
  if (dice < 0.72) return 'kill-runner';
  if (dice < 0.8) return 'restart';
  return dice < 0.9 ? 'slow' : 'busy';
}

const faults: Readonly<
  Record<Fault, (stormy: Stormy, shift: Shift, weather: { refusing: number }) => Promise<void>>
> = {
  kill: ({ workers }, shift) => killOne(workers, shift),
  'kill-runner': ({ runners }, shift) => killOne(runners, shift),
  pause: async ({ workers, leaseMs }, { random, signal }) => {
    const one = oneOf(workers, random);
    if (one.paused()) return;
    one.pause();
    await pauseUnless(signal, leaseMs * (1.1 + random()));
    one.resume();
  },
  restart: async ({ remote }, { random }) => {
    if (restarting.has(remote)) return;
    restarting.add(remote);
    await remote.restart(random() * 500);
    restarting.delete(remote);
  },
  slow: async ({ remote }, { random, signal }) => {
    remote.link.delayMs = 20 + random() * 200;
    await pauseUnless(signal, 500 + random() * 1_000);
    remote.link.delayMs = 0;
  },
  busy: async (_, { random, signal }, weather) => {
    weather.refusing = 0.4;
    await pauseUnless(signal, 300 + random() * 900);
    weather.refusing = 0;
  },
};

const restarting = new WeakSet<FaultyRemote>();

async function killOne(members: readonly Member[], { random }: Shift): Promise<void> {
  const one = oneOf(members, random);
  await one.kill();
  one.start();
}

function oneOf<T>(members: readonly T[], random: () => number): T {
  return members[Math.floor(random() * members.length)] as T;
}

/** Ends early with the storm. */
async function pauseUnless(signal: AbortSignal, ms: number): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
