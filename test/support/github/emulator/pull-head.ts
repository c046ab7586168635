import type { PullThread, World } from './world.ts';

/** The present commit of the branch behind a pull request; a fork's is kept under `refs/pull`, as on GitHub. */
export function pullHead(world: World, { number, pull }: PullThread): string | undefined {
  const isOwn = pull.headRepository === world.repository;
  return world.refs.get(isOwn ? `refs/heads/${pull.headBranch}` : `refs/pull/${number}/head`);
}
