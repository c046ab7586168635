import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../contracts/clock.ts';
import { faultPoint } from '../contracts/fault-point.ts';
import { carry, type LeftAlone } from './carry.ts';
import {
  enterCheckout,
  leaveCheckout,
  type Passage,
  recoverCheckout,
  traceNames,
  wasLeftHalfDone,
} from './checkout.ts';
import { localRefs } from './local-refs.ts';
import { emptyTree } from './object-store.ts';
import { withProcessLock } from './process-lock.ts';
import type { RefUpdate, RefVerdict } from './ref-transport.ts';
import type { Repository } from './repository.ts';
import { type WorkTree, workTreesOn } from './work-trees.ts';

export interface Move {
  readonly verdict: RefVerdict;
  /** Paths of the checkout that the user has changed and that were therefore not refreshed. */
  readonly leftAlone: readonly LeftAlone[];
}

/**
 * Moves a local branch, together with every checkout of it.
 *
 * A person may run git in the checkout at any moment. What keeps both sides whole is the order:
 * 1. take git's own `index.lock`, so that no `git add` or `git commit` of a person reads in between;
 * 2. bring files, then the index, to the new commit;
 * 3. compare-and-swap the ref. A person's commit that began before step 1 fails its own swap or makes ours
 *    fail; one that begins after step 2 builds on the new index. None can put old content on the new tip.
 * 4. If the swap is lost, carry everything back. A file in the git folder says what was under way, so that
 *    whoever comes after a kill completes or undoes it.
 */
export async function moveBranch(repository: Repository, clock: Clock, update: RefUpdate): Promise<Move> {
  return withProcessLock(lockPath(repository), clock, async () => {
    const { ref, expected, next } = update;
    if (next === null) return { verdict: await swap(repository, update), leftAlone: [] };
    const workTrees = await checkouts(repository, ref);
    // A branch without commits may be checked out all the same.
    return moveWithCheckouts(repository, clock, update, workTrees, {
      ref,
      from: expected ?? emptyTree,
      to: next,
    });
  });
}

/** Completes or undoes what a killed process left half done in any checkout of `ref`. */
export async function settleCheckouts(repository: Repository, clock: Clock, ref: string): Promise<void> {
  if (!(await mayBeHalfDone(repository))) return;
  for (const workTree of await checkouts(repository, ref)) {
    if (!(await wasLeftHalfDone(workTree))) continue;
    await withProcessLock(lockPath(repository), clock, () => recoverCheckout(workTree));
  }
}

/** Looks at file names only: asking git for its work trees would cost every read of a tip a process. */
async function mayBeHalfDone(repository: Repository): Promise<boolean> {
  const linked = await readdir(join(repository.commonDir, 'worktrees')).catch(() => []);
  const gitDirs = [
    repository.commonDir,
    ...linked.map((name) => join(repository.commonDir, 'worktrees', name)),
  ];
  return gitDirs.some((gitDir) => traceNames.some((name) => existsSync(join(gitDir, name))));
}

function lockPath(repository: Repository): string {
  return join(repository.commonDir, 'millwright', 'checkout.lock');
}

/** A bare repository has checkouts too, when somebody has added work trees to it. */
async function checkouts(repository: Repository, ref: string): Promise<WorkTree[]> {
  if (repository.bare && !existsSync(join(repository.commonDir, 'worktrees'))) return [];
  return workTreesOn(repository, ref);
}

async function moveWithCheckouts(
  repository: Repository,
  clock: Clock,
  update: RefUpdate,
  workTrees: readonly WorkTree[],
  passage: Passage,
): Promise<Move> {
  const entered: WorkTree[] = [];
  const carried: WorkTree[] = [];
  const leftAlone: LeftAlone[] = [];
  let moved = false;
  try {
    for (const workTree of workTrees) {
      await enterCheckout(workTree, clock, passage);
      entered.push(workTree);
    }
    // A person may have committed while the index was locked: then nothing has to come and go.
    if (entered.length > 0 && !(await isStill(repository, update))) return overtaken;
    for (const workTree of workTrees) {
      carried.push(workTree);
      leftAlone.push(...(await carry(workTree, passage.from, passage.to)));
    }
    const verdict = await swap(repository, update);
    moved = verdict.result === 'moved';
    await faultPoint('checkout:ref-moved');
    return { verdict, leftAlone: moved ? leftAlone : [] };
  } finally {
    await leaveAll(entered, passage, (workTree) => !moved && carried.includes(workTree));
  }
}

const overtaken: Move = {
  verdict: { result: 'lost', detail: 'the branch was moved while its checkout was busy' },
  leftAlone: [],
};

async function isStill(repository: Repository, { ref, expected }: RefUpdate): Promise<boolean> {
  return ((await localRefs(repository).read([ref])).get(ref) ?? null) === expected;
}

/** One checkout that cannot be left does not keep the others locked. */
async function leaveAll(
  workTrees: readonly WorkTree[],
  passage: Passage,
  undo: (workTree: WorkTree) => boolean,
): Promise<void> {
  const left = await Promise.allSettled(
    workTrees.map((workTree) => leaveCheckout(workTree, passage, undo(workTree))),
  );
  const failed = left.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function swap(repository: Repository, update: RefUpdate): Promise<RefVerdict> {
  const [verdict] = await localRefs(repository).push([update]);
  return verdict ?? { result: 'lost', detail: 'no answer' };
}
