import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { count } from '../../contracts/fields.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import { type GitRun, git, gitText } from '../../git/program.ts';
import type { Oid } from '../../git/repository.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { isAlive, lifeOf } from '../../programs/process-life.ts';
import type { Mirror } from './mirror.ts';
import { writeSparsePatterns } from './sparse-patterns.ts';

/** A work tree of the mirror that belongs to one slot for as long as it is worked on. */
export interface Worktree {
  readonly path: string;
  /** The branch that is checked out when the work begins. */
  readonly branch: string;
  /** How git runs in it: with its own git folder named, whatever an agent makes of the file `.git`. */
  readonly run: GitRun;
  /** The commit that it started from. */
  readonly base: Oid;
  /** The file that says who has it. */
  readonly owner: string;
}

const ownerSchema = z.strictObject({
  slot_id: z.string(),
  branch: z.string(),
  worker: z.strictObject({ pid: count, start: z.string().nullable() }),
});
type Owner = z.infer<typeof ownerSchema>;

/** What an interrupted command of an agent leaves in a git folder. */
const leftovers = [
  'index.lock',
  'HEAD.lock',
  'rebase-merge',
  'rebase-apply',
  'sequencer',
  'config.worktree',
  'info',
];

export function worktreesFolder(cache: string): string {
  return join(cache, 'worktrees');
}

/**
 * A clean work tree at `base`, on a branch of the given name: one that is free, or a new one. The user's own
 * checkout is never touched. Call it with the mirror locked.
 */
export async function takeWorktree(
  mirror: Mirror,
  slot: { readonly slotId: string; readonly branch: string },
  base: Oid,
): Promise<Worktree> {
  const folder = worktreesFolder(mirror.workspace.cache);
  await mkdir(folder, { recursive: true });
  const owners = await readOwners(folder);
  const number = firstFree(owners);
  const path = join(folder, String(number));
  const owner = `${path}.json`;
  // Git allows a branch in one work tree only; a late attempt at the same slot may still have it.
  const taken = [...owners.values()].some(({ branch }) => branch === slot.branch);
  const branch = taken ? `${slot.branch}-${number}` : slot.branch;
  const facts: Owner = { slot_id: slot.slotId, branch, worker: lifeOf(process.pid) };
  await writeFile(owner, JSON.stringify(facts));
  try {
    const run = (await reused(mirror, path, branch, base)) ?? (await created(mirror, path, branch, base));
    return { path, branch, run, base, owner };
  } catch (error) {
    await rm(owner, { force: true });
    throw error;
  }
}

/** Leaves it to the next slot, which cleans it. The branch goes: whatever counts has been pushed. */
export async function releaseWorktree({ run, base, branch, owner }: Worktree): Promise<void> {
  const steps = [`option no-deref\nupdate HEAD ${base}`, `delete refs/heads/${branch}`];
  // Two transactions: git does not let go of a branch in the one in which HEAD leaves it.
  const input = steps.map((step) => `start\n${step}\ncommit\n`).join('');
  await git(['update-ref', '--stdin'], { ...run, input }).catch(() => undefined);
  await rm(owner, { force: true });
}

/** Removes the work trees of workers that are gone: nobody knows what still lies open in them. */
export async function removeAbandonedWorktrees({ cache }: Workspace): Promise<void> {
  const folder = worktreesFolder(cache);
  for (const [number, { worker }] of await readOwners(folder)) {
    if (isAlive(worker)) continue;
    await rm(join(folder, String(number)), { recursive: true, force: true });
    await rm(join(folder, `${number}.json`), { force: true });
  }
}

/** False, and nothing is removed, while a living worker has one of them. */
export async function removeAllWorktrees({ cache }: Workspace): Promise<boolean> {
  const folder = worktreesFolder(cache);
  const owners = await readOwners(folder);
  if ([...owners.values()].some(({ worker }) => isAlive(worker))) return false;
  await rm(folder, { recursive: true, force: true });
  return true;
}

async function readOwners(folder: string): Promise<Map<number, Owner>> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  const owned = names.filter((name) => /^\d+\.json$/.test(name));
  const read = await Promise.all(
    owned.map(async (name) => [Number.parseInt(name, 10), await readOwner(join(folder, name))] as const),
  );
  return new Map(read.filter((entry): entry is readonly [number, Owner] => entry[1] !== undefined));
}

/** What a power cut left of one belongs to nobody. */
async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function firstFree(owners: ReadonlyMap<number, Owner>): number {
  let number = 1;
  while (owners.has(number)) number += 1;
  return number;
}

/** Undefined when there is none at this path, or when it is not what was left there. */
async function reused(mirror: Mirror, path: string, branch: string, base: Oid): Promise<GitRun | undefined> {
  const gitDir = await gitDirOf(mirror, path);
  if (gitDir === undefined) return undefined;
  await Promise.all(leftovers.map((name) => rm(join(gitDir, name), { recursive: true, force: true })));
  await writeSparsePatterns(gitDir);
  const run = runIn(mirror, path, gitDir);
  const cleaned = await git([...inert, 'clean', '-ffdxq'], run);
  return cleaned.code === 0 && (await switched(run, branch, base)) === undefined ? run : undefined;
}

async function created(mirror: Mirror, path: string, branch: string, base: Oid): Promise<GitRun> {
  await rm(path, { recursive: true, force: true });
  await gitText(['worktree', 'prune'], mirror.run);
  await gitText(
    ['worktree', 'add', '--quiet', '--force', '--no-checkout', '--detach', path, base],
    mirror.run,
  );
  const gitDir = await gitDirOf(mirror, path);
  if (gitDir !== undefined) await writeSparsePatterns(gitDir);
  const run = gitDir === undefined ? undefined : runIn(mirror, path, gitDir);
  const problem = run === undefined ? 'it has no git folder' : await switched(run, branch, base);
  if (run !== undefined && problem === undefined) return run;
  throw new MillwrightError('no-worktree', `could not make a work tree at ${path}: ${problem ?? ''}`, {
    hint: 'see whether something else uses that folder; all of .millwright can be deleted while no worker runs',
    retry: 'back-off',
    data: { path },
  });
}

/** The git folder of a work tree of ours; undefined when the path holds anything else. */
async function gitDirOf(mirror: Mirror, path: string): Promise<string | undefined> {
  const text = await readFile(join(path, '.git'), 'utf8').catch(() => '');
  const gitDir = /^gitdir: (.+)$/m.exec(text)?.[1];
  const ours = gitDir?.startsWith(join(mirror.repository.gitDir, 'worktrees', '/')) === true;
  return ours && existsSync(join(gitDir, 'HEAD')) ? gitDir : undefined;
}

/** Hooks and watchers that an agent may have set up never run for us. */
export const inert: readonly string[] = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'];

function runIn(mirror: Mirror, path: string, gitDir: string): GitRun {
  return { cwd: path, env: { ...mirror.run.env, GIT_DIR: gitDir, GIT_WORK_TREE: path } };
}

/** What git says when it cannot; undefined when it could. */
async function switched(run: GitRun, branch: string, base: Oid): Promise<string | undefined> {
  const options = ['--quiet', '--force', '--ignore-other-worktrees', '--no-track', '--no-recurse-submodules'];
  const answer = await git([...inert, 'checkout', ...options, '-B', branch, base, '--'], run);
  return answer.code === 0 ? undefined : answer.stderr;
}
