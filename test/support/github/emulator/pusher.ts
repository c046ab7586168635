import type { World } from './world.ts';

/** Whoever pushes by git is taken for the first token's user. */
export function pusherOf(world: World): string {
  return [...world.tokens.values()][0]?.login ?? 'millwright';
}
