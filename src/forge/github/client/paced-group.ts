import type { Clock } from '../../../contracts/clock.ts';

/** What the throttling plugin needs of a group of Bottleneck. */
export interface PacedGroup {
  key(id: string): {
    schedule<Args extends unknown[], T>(
      job: unknown,
      work: (...args: Args) => Promise<T>,
      ...args: Args
    ): Promise<T>;
  };
}

/**
 * One at a time, and `gapMs` from the start of one to that of the next: what the plugin does with timers of its own, on
 * the clock of the program.
 */
export function pacedGroup(clock: Clock, gapMs: number): PacedGroup {
  let last = Number.NEGATIVE_INFINITY;
  let turn: Promise<void> = Promise.resolve();
  const nextTurn = async () => {
    const wait = last + gapMs - clock.monotonicMs();
    if (wait > 0) await clock.sleep(wait);
    last = clock.monotonicMs();
  };
  return {
    key: () => ({
      schedule: async (_job, work, ...args) => {
        turn = turn.then(nextTurn);
        await turn;
        return work(...args);
      },
    }),
  };
}
