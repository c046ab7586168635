import type { Clock } from '../contracts/clock.ts';
import type { PushHistory } from './push-history.ts';

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
  meter(): Promise<PushMeter>;
}

/** For paths and remotes on this machine. */
export function unlimitedPushes(history: PushHistory): PushBudget {
  return {
    take: async () => {
      await history.take(Number.POSITIVE_INFINITY);
    },
    meter: async () => ({ used: await history.used(), limit: null, waiting: 0 }),
  };
}

/**
 * A token bucket that holds at most a minute's pushes. GitHub recommends no more than 6 pushes a
 * minute for one repository (docs.github.com, "Repository limits").
 */
export function limitedPushes(clock: Clock, perMinute: number, history: PushHistory): PushBudget {
  const queue: Turn[] = [];
  let draining = false;
  const drain = async (): Promise<void> => {
    draining = true;
    try {
      while (queue.length > 0) await nextTurn(clock, perMinute, history, queue);
    } catch (error) {
      for (const turn of queue.splice(0)) turn.fail(error);
    }
    draining = false;
  };
  return {
    take: (priority) =>
      new Promise((go, fail) => {
        queue.push({ rank: pushPriority[priority], go, fail });
        if (!draining) void drain();
      }),
    meter: async () => ({ used: await history.used(), limit: perMinute, waiting: queue.length }),
  };
}

interface Turn {
  readonly rank: number;
  go(): void;
  fail(error: unknown): void;
}

/** Who goes is settled only when somebody may: what arrives during the wait can be more urgent. */
async function nextTurn(clock: Clock, perMinute: number, history: PushHistory, queue: Turn[]): Promise<void> {
  const wait = await history.take(perMinute);
  if (wait > 0) return clock.sleep(wait);
  queue.sort((a, b) => a.rank - b.rank);
  queue.shift()?.go();
}
