import { type Clock, systemClock } from '../../src/contracts/clock.ts';

/** Longer waits are the time limits of calls; they are never reached. */
const LIMIT_MS = 300_000;

/** A clock by which waits between two questions take no time, and are over all the same. */
export function quickClock(): Clock {
  let skipped = 0;
  return {
    now: () => new Date(systemClock.now().getTime() + skipped),
    monotonicMs: () => systemClock.monotonicMs() + skipped,
    sleep: async (ms, signal) => {
      if (ms >= LIMIT_MS) return systemClock.sleep(ms, signal);
      skipped += ms;
      await systemClock.sleep(0, signal);
    },
  };
}
