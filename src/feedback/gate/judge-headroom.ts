import type { PatchTest, ReplayRun } from '../../contracts/patch-test.ts';

/** How often a task of the test for headroom is tried. */
export const HEADROOM_ATTEMPTS = 3;

/** What three tries have to be worth over one, of ten: less leaves nothing to be gained. */
const LEAST_OF_TEN = 1;

export interface Headroom {
  /** undefined when not one task came to three results. */
  readonly figures: PatchTest['headroom'];
  readonly enough: boolean;
}

/**
 * How much better the persona as it is does when it may try three times: what no second try mends, better words
 * seldom do. Only tasks with three results count. Without any the question stays open, and there is enough. Pure.
 */
export function judgeHeadroom(runs: readonly ReplayRun[]): Headroom {
  const tries = new Map<string, Map<number, boolean>>();
  for (const { task_id: task, attempt, outcome, stage } of runs) {
    if (stage !== 'headroom' || outcome === 'error') continue;
    const before = tries.get(task) ?? new Map<number, boolean>();
    tries.set(task, before.set(attempt, outcome === 'accepted'));
  }
  const whole = [...tries.values()].filter(({ size }) => size >= HEADROOM_ATTEMPTS);
  const tasks = whole.length;
  if (tasks === 0) return { figures: undefined, enough: true };
  const first = whole.filter((task) => task.get(1) === true).length;
  const best = whole.filter((task) => [...task.values()].includes(true)).length;
  return {
    figures: { tasks, pass_at_1: first / tasks, best_of_3: best / tasks },
    // In whole numbers: a difference of 2 in 20 is ten points, whatever its fraction rounds to.
    enough: (best - first) * 10 >= LEAST_OF_TEN * tasks,
  };
}
