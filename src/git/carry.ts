import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { faultPoint } from '../contracts/fault-point.ts';
import { type WorkFile, workFiles } from './checkout-files.ts';
import { stagedAt, stagedVersions, type Versions } from './checkout-index.ts';
import { type FileChange, type FileVersion, fileChanges, sameVersion } from './file-changes.ts';
import { writeIndex } from './next-index.ts';
import { diskPath } from './path-text.ts';
import type { Oid } from './repository.ts';
import type { WorkTree } from './work-trees.ts';

/** A path that was left as the user has it, and why. */
export interface LeftAlone {
  readonly path: string;
  readonly reason: 'edited' | 'deleted' | 'staged' | 'in the way';
}

/**
 * Carries a work tree and its index from one commit to another, path by path: what still holds the old
 * content gets the new one, what the user changed stays. Running it twice, or after half a run, ends in
 * the same place. The caller holds the index lock.
 */
export function carry(workTree: WorkTree, from: Oid, to: Oid): Promise<LeftAlone[]> {
  return carryAll(workTree, from, to, false);
}

/** Takes back `carry(workTree, from, to)`, however far it came. */
export async function carryBack(workTree: WorkTree, from: Oid, to: Oid): Promise<void> {
  await carryAll(workTree, to, from, true);
}

async function carryAll(workTree: WorkTree, from: Oid, to: Oid, undo: boolean): Promise<LeftAlone[]> {
  const changes = await fileChanges(workTree.path, from, to);
  if (changes.length === 0) return [];
  const staged = await stagedVersions(workTree, changes);
  // A file may take the place of a folder, or the other way round: the old has to go before the look at the new.
  const gone = await planAll(workTree, staged, changes.filter(isRemoval), undo);
  for (const { change } of gone.filter(({ plan }) => plan.file === 'remove'))
    await removeFile(workTree.path, change.path);
  await faultPoint('checkout:files-removed');
  const kept = await planAll(
    workTree,
    staged,
    changes.filter((change) => !isRemoval(change)),
    undo,
  );
  const steps = [...gone, ...kept];
  await writeIndex(workTree, {
    entries: steps.filter(({ plan }) => plan.index).map(({ change }) => change),
    files: steps.filter(({ plan }) => plan.file === 'write').map(({ change }) => change.path),
    absent: staged.absent,
  });
  return steps.flatMap(({ plan }) => plan.leftAlone ?? []);
}

interface Step {
  readonly change: FileChange;
  readonly plan: PathPlan;
}

async function planAll(
  workTree: WorkTree,
  staged: Versions,
  changes: readonly FileChange[],
  undo: boolean,
): Promise<Step[]> {
  const work = await workFiles(workTree.path, changes);
  const blockers = await stagedAt(workTree, [...work.blockers.values()]);
  return changes.map((change) => {
    const { path } = change;
    const blocker = work.blockers.get(path) ?? '';
    const blocked = (blockers.has(blocker) && !staged.removed.has(blocker)) || staged.folders.has(path);
    const file = staged.absent.has(path) && !work.files.has(path) ? 'not wanted' : work.files.get(path);
    return {
      change,
      plan: blocked ? leave(path, 'staged') : planPath(change, staged.files.get(path), file, undo),
    };
  });
}

export interface PathPlan {
  /** True: the index takes the new version. */
  readonly index: boolean;
  readonly file: 'write' | 'remove' | 'keep';
  readonly leftAlone?: LeftAlone;
}

/**
 * Pure: what to do with one path, given what the index and the work tree hold. An index that holds the new
 * version already is the user's doing, and so is the file; but when a half run is undone, the file may be
 * ours still.
 */
export function planPath(
  change: FileChange,
  index: FileVersion | undefined,
  work: WorkFile,
  undo = false,
): PathPlan {
  const { path, before, after } = change;
  const behind = sameVersion(index, before);
  if (!behind && !sameVersion(index, after)) return leave(path, 'staged');
  if (work === 'not wanted') return { index: behind, file: 'keep' };
  const bring = after === undefined ? 'remove' : 'write';
  // What a submodule holds is its own affair; only its empty folder is ours to make.
  if (isSubmodule(before) || isSubmodule(after))
    return { index: behind, file: work === undefined && bring === 'write' ? 'write' : 'keep' };
  if (holds(work, after)) return { index: behind, file: 'keep' };
  if (holds(work, before) && (behind || undo)) return { index: behind, file: bring };
  if (!behind) return { index: false, file: 'keep' };
  const reason = work === undefined ? 'deleted' : before === undefined ? 'in the way' : 'edited';
  return { index: true, file: 'keep', leftAlone: { path, reason } };
}

function leave(path: string, reason: LeftAlone['reason']): PathPlan {
  return { index: false, file: 'keep', leftAlone: { path, reason } };
}

function holds(work: WorkFile, version: FileVersion | undefined): boolean {
  return typeof work !== 'string' && sameVersion(work, version);
}

function isSubmodule(version: FileVersion | undefined): boolean {
  return version?.mode === '160000';
}

function isRemoval(change: FileChange): boolean {
  return change.after === undefined;
}

async function removeFile(root: string, path: string): Promise<void> {
  await rm(diskPath(root, path), { force: true });
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      await rmdir(diskPath(root, folder));
    } catch {
      return; // Not empty, or gone already: as far up as git itself would go.
    }
  }
}
