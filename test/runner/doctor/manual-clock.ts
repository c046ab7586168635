import { type Clock, systemClock } from '../../../src/contracts/clock.ts';

/** A clock that stands still. */
export function manualClock(at: string): Clock {
  return { ...systemClock, now: () => new Date(at) };
}
