import type { PullPart, PullThread, Thread, World } from './world.ts';

/** Notes what happened to a thread, and that it happened now. */
export function note(
  world: World,
  thread: Thread,
  event: string,
  actor: string,
  more: { commit?: string; data?: Readonly<Record<string, unknown>> } = {},
): void {
  thread.updatedAt = world.stamp();
  thread.events.push({
    id: world.nextId(),
    event,
    actor,
    createdAt: thread.updatedAt,
    ...(more.commit === undefined ? {} : { commit: more.commit }),
    ...(more.data === undefined ? {} : { more: more.data }),
  });
}

export interface NewThread {
  readonly title: string;
  readonly body: string | null;
  readonly user: string;
  readonly pull?: PullPart;
}

export function addThread(world: World, fresh: NewThread): Thread {
  const at = world.stamp();
  const thread: Thread = {
    number: world.threads.size + 1,
    ...fresh,
    state: 'open',
    stateReason: null,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
    labels: [],
    comments: [],
    events: [],
  };
  world.threads.set(thread.number, thread);
  world.openThreads += 1;
  return thread;
}

export function closeThread(world: World, thread: Thread, actor: string, reason: string | null): void {
  if (thread.state === 'closed') return;
  note(world, thread, 'closed', actor);
  thread.state = 'closed';
  world.openThreads -= 1;
  thread.stateReason = thread.pull === undefined ? (reason ?? 'completed') : null;
  thread.closedAt = thread.updatedAt;
  thread.closedBy = actor;
  if (thread.pull !== undefined) thread.pull.autoMerge = null;
}

/** The pull request is closed as merged, by this commit of the base. */
export function markMerged(world: World, thread: PullThread, actor: string, commit: string): void {
  note(world, thread, 'merged', actor, { commit });
  closeThread(world, thread, actor, null);
  thread.pull.mergedAt = world.stamp();
  thread.pull.mergedBy = actor;
  thread.pull.mergeSha = commit;
}

export function reopenThread(world: World, thread: Thread, actor: string): void {
  if (thread.state === 'open') return;
  note(world, thread, 'reopened', actor);
  thread.state = 'open';
  world.openThreads += 1;
  thread.stateReason = thread.pull === undefined ? 'reopened' : null;
  thread.closedAt = null;
  thread.closedBy = null;
}

export function addComment(world: World, thread: Thread, body: string, user: string): number {
  const at = world.stamp();
  const id = world.nextId();
  thread.comments.push({ id, body, user, createdAt: at, updatedAt: at });
  thread.updatedAt = at;
  return id;
}

export function isPull(thread: Thread | undefined): thread is PullThread {
  return thread?.pull !== undefined;
}

export function pullThreads(world: World): PullThread[] {
  return [...world.threads.values()].filter(isPull);
}
