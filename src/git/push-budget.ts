import type { Clock } from '../contracts/clock.ts';

/** Who goes first when pushes are scarce: lower numbers first. */
export const pushPriority = { result: 0, claim: 1, intake: 2, heartbeat: 3 } as const;
export type PushPriority = keyof typeof pushPriority;

export interface PushMeter {
  /** Pushes in the last minute. */
  readonly used: number;
  /** Pushes a minute; null when nothing limits them. */
  readonly limit: number | null;
  readonly waiting: number;
}

export interface PushBudget {
  /** Waits for a turn to push. */
  take(priority: PushPriority): Promise<void>;
  meter(): PushMeter;
}

/** For paths and remotes on this machine. */
export function unlimitedPushes(clock: Clock): PushBudget {
  const spent: number[] = [];
  return {
    take: async () => {
      spent.push(clock.monotonicMs());
      forget(spent, clock.monotonicMs());
    },
    meter: () => ({ used: forget(spent, clock.monotonicMs()), limit: null, waiting: 0 }),
  };
}

/**
 * A token bucket that holds at most a minute's pushes. GitHub recommends no more than 6 pushes a
 * minute for one repository (docs.github.com, "Repository limits").
 */
export function limitedPushes(clock: Clock, perMinute: number): PushBudget {
  const spent: number[] = [];
  const queue: { rank: number; go: () => void }[] = [];
  let draining = false;
  const drain = async (): Promise<void> => {
    draining = true;
    while (queue.length > 0) {
      const now = clock.monotonicMs();
      if (forget(spent, now) >= perMinute) {
        await clock.sleep(Math.max(1, (spent[0] ?? now) + MINUTE_MS - now));
        continue;
      }
      queue.sort((a, b) => a.rank - b.rank);
      spent.push(now);
      queue.shift()?.go();
    }
    draining = false;
  };
  return {
    take: (priority) =>
      new Promise((resolve, reject) => {
        queue.push({ rank: pushPriority[priority], go: resolve });
        if (!draining) drain().catch(reject);
      }),
    meter: () => ({ used: forget(spent, clock.monotonicMs()), limit: perMinute, waiting: queue.length }),
  };
}

const MINUTE_MS = 60_000;

/** Drops what is older than a minute; returns how many are left. */
function forget(spent: number[], now: number): number {
  while (spent[0] !== undefined && spent[0] <= now - MINUTE_MS) spent.shift();
  return spent.length;
}
