import type { Io } from '../command.ts';

/** True in a step of GitHub Actions, whose runner reads what the step prints. */
export function onActions({ env }: Pick<Io, 'env'>): boolean {
  return env.GITHUB_ACTIONS === 'true';
}
