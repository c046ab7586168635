import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { count } from '../../contracts/fields.ts';
import { lifeOf } from '../../programs/process-life.ts';

const life = z.strictObject({ pid: count.min(2), start: z.string().nullable() });

/** What has to be known about a child to end it after its worker was killed. */
export const childFacts = z.strictObject({
  slot_id: z.string(),
  /** In the environment of the child and of everything that it starts, as MILLWRIGHT_RUN. */
  run: z.string().regex(/^[0-9a-f]{32}$/),
  worktree: z.string(),
  worker: life,
  /** The leader of the group; null until it has started. */
  leader: life.nullable(),
});
export type ChildFacts = z.infer<typeof childFacts>;

export interface RegisteredChild {
  /** For the environment of the child, as MILLWRIGHT_RUN. */
  readonly run: string;
  /** Has to be called in the same breath as the start. */
  started(pid: number): void;
  forget(): Promise<void>;
}

/** Where the facts lie, below `.millwright`. */
export function runningFolder(cache: string): string {
  return join(cache, 'work', 'running');
}

/**
 * Notes that a child is about to start. The note is on disk before the child is, so a worker that dies at any
 * moment leaves a trace: until the group's id is known, its mark in the environment finds it.
 */
export async function registerChild(
  cache: string,
  slotId: string,
  worktree: string,
): Promise<RegisteredChild> {
  const folder = runningFolder(cache);
  const run = randomBytes(16).toString('hex');
  const path = join(folder, `${run}.json`);
  const facts: ChildFacts = { slot_id: slotId, run, worktree, worker: lifeOf(process.pid), leader: null };
  await mkdir(folder, { recursive: true });
  write(path, facts);
  return {
    run,
    started: (pid) => write(path, { ...facts, leader: lifeOf(pid) }),
    forget: () => rm(path, { force: true }),
  };
}

/** In one step, so that nobody ever reads half of it. */
function write(path: string, facts: ChildFacts): void {
  writeFileSync(`${path}.tmp`, `${JSON.stringify(facts, null, 2)}\n`);
  renameSync(`${path}.tmp`, path);
}
