import { pullHead } from './pull-head.ts';
import { closeThread, markMerged, note, pullThreads } from './thread-state.ts';
import type { PullThread, World } from './world.ts';

/**
 * Reads the branches and draws GitHub's conclusions for the open pull requests: a head that is gone or has no
 * commits of its own any more closes one, a head that the base has reached marks it merged.
 * @param actor who is behind what changed since the last look
 */
export async function followRefs(world: World, actor: string): Promise<void> {
  const before = world.refs;
  world.refs = await world.git.refs();
  if (sameRefs(before, world.refs)) return;
  await world.git.learn([...world.refs.values()]);
  for (const thread of pullThreads(world)) {
    if (thread.state === 'open') followOpen(world, thread, actor);
    noteDeletedHead(world, thread, before, actor);
  }
}

function sameRefs(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): boolean {
  return before.size === after.size && [...after].every(([name, oid]) => before.get(name) === oid);
}

function followOpen(world: World, thread: PullThread, actor: string): void {
  const { pull } = thread;
  const head = pullHead(world, thread);
  const base = world.refs.get(`refs/heads/${pull.base}`);
  if (head === undefined || base === undefined) {
    closeThread(world, thread, actor, null);
    return;
  }
  const moved = head !== pull.headSha;
  if (moved) notePush(world, thread, head, actor);
  if (base !== pull.comparedWith || moved) compareAnew(world, thread, base, actor);
}

function compareAnew(world: World, thread: PullThread, base: string, actor: string): void {
  const { pull } = thread;
  if (!world.git.reaches(base, pull.headSha)) pull.comparedWith = base;
  // The head went back into the base: nothing is left to merge, and GitHub closes it.
  else if (base === pull.comparedWith) closeThread(world, thread, actor, null);
  else markMerged(world, thread, actor, base);
}

function notePush(world: World, thread: PullThread, head: string, actor: string): void {
  const { pull } = thread;
  if (!world.git.reaches(head, pull.headSha)) note(world, thread, 'head_ref_force_pushed', actor);
  thread.updatedAt = world.stamp();
  pull.headSha = head;
  pull.baseSha = world.refs.get(`refs/heads/${pull.base}`) ?? pull.baseSha;
  pull.checksPassed = false;
}

function noteDeletedHead(
  world: World,
  thread: PullThread,
  before: ReadonlyMap<string, string>,
  actor: string,
): void {
  if (thread.pull.headRepository !== world.repository) return;
  const ref = `refs/heads/${thread.pull.headBranch}`;
  if (before.has(ref) && !world.refs.has(ref)) note(world, thread, 'head_ref_deleted', actor);
}
