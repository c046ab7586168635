import type { Clock } from '../contracts/clock.ts';

/** Wakes a loop that waits for something to happen. */
export interface Alarm {
  ring(): void;
  /** Returns after `ms` at the latest; at once when it rang since the last call of `rest`. */
  wait(ms: number): Promise<void>;
  /** When it rang: lets what happens together gather for `ms`. What rings later is kept for the next wait. */
  rest(ms: number): Promise<void>;
}

export function createAlarm(clock: Clock): Alarm {
  let bell = new AbortController();
  return {
    ring: () => bell.abort(),
    wait: async (ms) => {
      if (!bell.signal.aborted) await clock.sleep(ms, bell.signal);
    },
    rest: async (ms) => {
      if (bell.signal.aborted) await clock.sleep(ms);
      bell = new AbortController();
    },
  };
}
