import { type Clock, systemClock } from '../../src/contracts/clock.ts';

export interface SimulatedClock extends Clock {
  advance(ms: number): void;
}

/** Waiting costs simulated time; of real time only enough to let others go on. */
const LONGEST_REAL_MS = 5;

/** A clock that starts at an instant, runs on with the real one, and leaps when it is told or somebody sleeps. */
export function simulatedClock(start: Date): SimulatedClock {
  const origin = systemClock.monotonicMs();
  let ahead = 0;
  const elapsed = () => systemClock.monotonicMs() - origin + ahead;
  const advance = (ms: number) => {
    ahead += ms;
  };
  return {
    now: () => new Date(start.getTime() + elapsed()),
    monotonicMs: elapsed,
    sleep: async (ms, signal) => {
      await systemClock.sleep(Math.min(ms, LONGEST_REAL_MS), signal);
      if (signal?.aborted !== true) advance(ms);
    },
    advance,
  };
}
