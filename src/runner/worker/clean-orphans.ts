import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../git/process-lock.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { isAlive, signalled } from '../../programs/process-life.ts';
import { type ChildFacts, childFacts, runningFolder } from './child-register.ts';
import { killRun } from './kill-run.ts';
import { removeAbandonedWorktrees } from './worktree.ts';

export interface Orphan {
  readonly slotId: string;
  /** True when something of it still ran. */
  readonly killed: boolean;
}

/**
 * Ends what killed workers of this machine have left running, and removes their work trees. Children of a
 * worker that lives are left alone, and so is a process that merely has an id of former times.
 */
export async function cleanOrphans(workspace: Workspace): Promise<Orphan[]> {
  const folder = runningFolder(workspace.cache);
  const orphans: Orphan[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const facts = name.endsWith('.json') ? await readFacts(path) : undefined;
    if (facts === undefined || isAlive(facts.worker)) continue;
    orphans.push({ slotId: facts.slot_id, killed: endChild(facts) });
    await rm(path, { force: true });
  }
  await removeAbandonedWorktrees(workspace);
  return orphans;
}

/** The group when its leader is the one that was started; else whatever bears the mark of this run. */
function endChild({ run, leader }: ChildFacts): boolean {
  const group =
    leader !== null && leader.start !== null && isAlive(leader) && signalled(-leader.pid, 'SIGKILL');
  return killRun(run) || group;
}

async function readFacts(path: string): Promise<ChildFacts | undefined> {
  try {
    return childFacts.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    // What a power cut left of a note says nothing about any process.
    if (error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError')) {
      await rm(path, { force: true });
      return undefined;
    }
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
