import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../contracts/clock.ts';
import { faultPoint } from '../contracts/fault-point.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { carry, carryBack } from './carry.ts';
import { codeOf, createLinked } from './process-lock.ts';
import { git } from './program.ts';
import type { Oid } from './repository.ts';
import type { WorkTree } from './work-trees.ts';

/** A branch on its way from one commit to another; `from` is the empty tree before the first commit. */
export interface Passage {
  readonly ref: string;
  readonly from: Oid;
  readonly to: Oid;
}

/*
 * Two files in a checkout's git folder say where it stands. Both are touched under the process lock of
 * moveBranch only, so whoever holds that lock and finds one of them looks at the work of a dead process.
 *
 *   no intent, no lock of ours   settled
 *   intent, no lock              nothing was touched yet, or a person has removed the lock
 *   intent, lock of ours         files and index may be anywhere between `from` and `to`
 *   no intent, lock of ours      settled, but for the lock
 */
export const traceNames = ['millwright-move.json', 'index.lock'] as const;
const intentPath = (workTree: WorkTree) => join(workTree.gitDir, traceNames[0]);
const indexLockPath = (workTree: WorkTree) => join(workTree.gitDir, traceNames[1]);

/** Locks the index against git commands of a person. Throws `index-locked` and leaves no trace then. */
export async function enterCheckout(workTree: WorkTree, clock: Clock, passage: Passage): Promise<void> {
  await patiently(workTree, clock, () => recoverCheckout(workTree));
  await writeFile(intentPath(workTree), JSON.stringify(passage), { flush: true });
  try {
    await patiently(workTree, clock, () => takeIndexLock(workTree));
  } catch (error) {
    await rm(intentPath(workTree), { force: true });
    throw error;
  }
  await faultPoint('checkout:index-locked');
}

/** Undoes what was carried when the branch did not move; then unlocks. The intent goes first: see above. */
export async function leaveCheckout(workTree: WorkTree, passage: Passage, undo: boolean): Promise<void> {
  if (undo) await carryBack(workTree, passage.from, passage.to);
  await rm(intentPath(workTree), { force: true });
  await faultPoint('checkout:settled');
  await rm(indexLockPath(workTree), { force: true });
}

export async function wasLeftHalfDone(workTree: WorkTree): Promise<boolean> {
  return (await readIntent(workTree)) !== undefined || (await indexLock(workTree)) === 'ours';
}

/**
 * Completes or undoes what a dead process began. The caller holds the process lock.
 * @returns false when a git command of a person holds the index right now
 */
export async function recoverCheckout(workTree: WorkTree): Promise<boolean> {
  const intent = await readIntent(workTree);
  const lock = await indexLock(workTree);
  if (intent !== undefined) {
    if (lock !== 'ours' && !(await takeIndexLock(workTree))) return false;
    if (intent !== 'unwritten') await finish(workTree, intent, lock === 'ours');
    await rm(intentPath(workTree), { force: true });
  }
  if (intent !== undefined || lock === 'ours') await rm(indexLockPath(workTree), { force: true });
  return true;
}

/** The ref decides: forward when it has moved, back when it has not. */
async function finish(workTree: WorkTree, { ref, from, to }: Passage, wasLocked: boolean): Promise<void> {
  const head = await git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], { cwd: workTree.path });
  const tip = head.code === 0 ? head.stdout.toString('utf8').trim() : undefined;
  if (tip === to) await carry(workTree, from, to);
  // Without the lock a person may have committed what lay there: then it is no longer ours to undo.
  else if (wasLocked || tip === from || tip === undefined) await carryBack(workTree, from, to);
}

async function readIntent(workTree: WorkTree): Promise<Passage | 'unwritten' | undefined> {
  try {
    return JSON.parse(await readFile(intentPath(workTree), 'utf8')) as Passage;
  } catch (error) {
    // Half a file means that the process died before it touched anything.
    if (error instanceof SyntaxError) return 'unwritten';
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const MARK = 'millwright ';
const INDEX_PATIENCE_MS = 10_000;

async function indexLock(workTree: WorkTree): Promise<'ours' | 'other'> {
  const content = await readFile(indexLockPath(workTree), 'latin1').catch(() => '');
  return content.startsWith(MARK) ? 'ours' : 'other';
}

/** The mark is in the file from the first moment: a kill never leaves a lock that nobody can explain. */
function takeIndexLock(workTree: WorkTree): Promise<boolean> {
  return createLinked(indexLockPath(workTree), `${MARK}${process.pid}\n`);
}

async function patiently(workTree: WorkTree, clock: Clock, step: () => Promise<boolean>): Promise<void> {
  const since = clock.monotonicMs();
  while (!(await step())) {
    if (clock.monotonicMs() - since > INDEX_PATIENCE_MS) throw indexLocked(workTree);
    await clock.sleep(5 + Math.random() * 20);
  }
}

function indexLocked(workTree: WorkTree): MillwrightError {
  return new MillwrightError('index-locked', `another git command holds the index of ${workTree.path}`, {
    hint: 'finish or abort it (an open commit editor, for example); the next pass goes on',
    retry: 'back-off',
    data: { path: workTree.path },
  });
}
