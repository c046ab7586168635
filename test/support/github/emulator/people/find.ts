import { isPull } from '../thread-state.ts';
import type { PullThread, Thread, World } from '../world.ts';

export function threadOf(world: World, number: number): Thread {
  const thread = world.threads.get(number);
  if (thread === undefined) throw new Error(`there is no issue or pull request ${number}`);
  return thread;
}

export function pullOf(world: World, number: number): PullThread {
  const thread = threadOf(world, number);
  if (!isPull(thread)) throw new Error(`${number} is an issue`);
  return thread;
}
