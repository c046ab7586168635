import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../contracts/clock.ts';
import { faultPoint } from '../contracts/fault-point.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { carry, type LeftAlone } from './carry.ts';
import { localRefs } from './local-refs.ts';
import { codeOf, createLinked, withProcessLock } from './process-lock.ts';
import { gitText } from './program.ts';
import type { RefUpdate, RefVerdict } from './ref-transport.ts';
import type { Oid, Repository } from './repository.ts';
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
    const workTrees = repository.bare ? [] : await workTreesOn(repository, update.ref);
    const { expected, next } = update;
    if (workTrees.length === 0 || expected === null || next === null)
      return { verdict: await swap(repository, update), leftAlone: [] };
    const leftAlone: LeftAlone[] = [];
    for (const workTree of workTrees)
      leftAlone.push(...(await enter(workTree, clock, update.ref, expected, next)));
    const verdict = await swap(repository, update);
    await faultPoint('checkout:ref-moved');
    for (const workTree of workTrees) await leave(workTree, verdict, expected, next);
    return { verdict, leftAlone: verdict.result === 'moved' ? leftAlone : [] };
  });
}

/** Completes or undoes what a killed process left half done in any checkout of `ref`. */
export async function settleCheckouts(repository: Repository, clock: Clock, ref: string): Promise<void> {
  if (repository.bare) return;
  for (const workTree of await workTreesOn(repository, ref)) {
    if ((await readIntent(workTree)) === undefined) continue;
    await withProcessLock(lockPath(repository), clock, () => recover(workTree));
  }
}

function lockPath(repository: Repository): string {
  return join(repository.commonDir, 'millwright', 'checkout.lock');
}

async function swap(repository: Repository, update: RefUpdate): Promise<RefVerdict> {
  const [verdict] = await localRefs(repository).push([update]);
  return verdict ?? { result: 'lost', detail: 'no answer' };
}

interface Intent {
  readonly ref: string;
  readonly from: Oid;
  readonly to: Oid;
}

const intentPath = (workTree: WorkTree) => join(workTree.gitDir, 'millwright-move.json');
const indexLockPath = (workTree: WorkTree) => join(workTree.gitDir, 'index.lock');

async function enter(
  workTree: WorkTree,
  clock: Clock,
  ref: string,
  from: Oid,
  to: Oid,
): Promise<LeftAlone[]> {
  await recover(workTree);
  const intent: Intent = { ref, from, to };
  await writeFile(intentPath(workTree), JSON.stringify(intent), { flush: true });
  await takeIndexLock(workTree, clock);
  await faultPoint('checkout:index-locked');
  try {
    return await carry(workTree, from, to);
  } catch (error) {
    await leave(workTree, { result: 'lost', detail: 'carry failed' }, from, to).catch(() => undefined);
    throw error;
  }
}

async function leave(workTree: WorkTree, verdict: RefVerdict, from: Oid, to: Oid): Promise<void> {
  if (verdict.result !== 'moved') await carry(workTree, to, from);
  await rm(indexLockPath(workTree), { force: true });
  await faultPoint('checkout:unlocked');
  await rm(intentPath(workTree), { force: true });
}

/** Runs under the process lock: an intent that is still there belongs to a process that died. */
async function recover(workTree: WorkTree): Promise<void> {
  const intent = await readIntent(workTree);
  if (intent === undefined) return;
  const ours = (await readFile(indexLockPath(workTree), 'utf8').catch(() => '')).startsWith(MARK);
  if (ours) {
    const head = await gitText(['rev-parse', '--verify', intent.ref], { cwd: workTree.path });
    if (head === intent.to) await carry(workTree, intent.from, intent.to);
    else await carry(workTree, intent.to, intent.from);
    await rm(indexLockPath(workTree), { force: true });
  }
  await rm(intentPath(workTree), { force: true });
}

async function readIntent(workTree: WorkTree): Promise<Intent | undefined> {
  try {
    return JSON.parse(await readFile(intentPath(workTree), 'utf8')) as Intent;
  } catch (error) {
    // Half a file means that the process died before it touched anything.
    if (error instanceof SyntaxError) return { ref: 'HEAD', from: 'HEAD', to: 'HEAD' };
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const MARK = 'millwright ';
const INDEX_PATIENCE_MS = 10_000;

/** The mark is in the file from the first moment: a kill never leaves a lock that nobody can explain. */
async function takeIndexLock(workTree: WorkTree, clock: Clock): Promise<void> {
  const since = clock.monotonicMs();
  while (!(await createLinked(indexLockPath(workTree), `${MARK}${process.pid}\n`))) {
    if (clock.monotonicMs() - since > INDEX_PATIENCE_MS) {
      await rm(intentPath(workTree), { force: true });
      throw indexLocked(workTree);
    }
    await clock.sleep(5 + Math.random() * 20);
  }
}

function indexLocked(workTree: WorkTree): MillwrightError {
  return new MillwrightError('index-locked', `another git command holds the index of ${workTree.path}`, {
    hint: 'finish or abort it (an open commit editor, for example); the next pass goes on',
    retry: 'back-off',
  });
}
