import { copyFile, lstat, readlink, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { faultPoint } from '../contracts/fault-point.ts';
import { type FileChange, type FileVersion, fileChanges, sameVersion } from './file-changes.ts';
import { blobOid } from './object-store.ts';
import { codeOf } from './process-lock.ts';
import { gitBytes } from './program.ts';
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
 * the same place; running it backwards undoes it. The caller holds the index lock.
 */
export async function carry(workTree: WorkTree, from: Oid, to: Oid): Promise<LeftAlone[]> {
  const changes = await fileChanges(workTree.path, from, to);
  if (changes.length === 0) return [];
  const index = await indexVersions(workTree, changes);
  const work = await workVersions(workTree, changes);
  const plan = changes.map((change) => planPath(change, index.get(change.path), work.get(change.path)));
  await carryFiles(workTree, changes, plan);
  return plan.flatMap(({ leftAlone }) => (leftAlone === undefined ? [] : [leftAlone]));
}

interface PathPlan {
  readonly index: boolean;
  readonly file: 'write' | 'remove' | 'keep';
  readonly leftAlone?: LeftAlone;
}

type WorkFile = FileVersion | 'other' | undefined;

/** Pure: what to do with one path, given what the index and the work tree hold. */
export function planPath(change: FileChange, index: FileVersion | undefined, work: WorkFile): PathPlan {
  const { path, before, after } = change;
  if (!sameVersion(index, before)) {
    const done = sameVersion(index, after);
    const fileBehind = done && holds(work, before) && !holds(work, after);
    if (fileBehind) return { index: false, file: after === undefined ? 'remove' : 'write' };
    return done
      ? { index: false, file: 'keep' }
      : { index: false, file: 'keep', leftAlone: { path, reason: 'staged' } };
  }
  if (holds(work, after)) return { index: true, file: 'keep' };
  if (holds(work, before)) return { index: true, file: after === undefined ? 'remove' : 'write' };
  const reason = work === undefined ? 'deleted' : before === undefined ? 'in the way' : 'edited';
  return { index: true, file: 'keep', leftAlone: { path, reason } };
}

/** Modes are compared by kind only: the executable bit is not kept on every file system. */
function holds(work: WorkFile, version: FileVersion | undefined): boolean {
  if (work === 'other') return false;
  return work?.oid === version?.oid;
}

async function indexVersions(
  workTree: WorkTree,
  changes: readonly FileChange[],
): Promise<Map<string, FileVersion>> {
  const few = changes.length <= 100 ? changes.map((change) => `:(top,literal)${change.path}`) : [];
  const raw = await gitBytes(['ls-files', '-s', '-z', '--', ...few], { cwd: workTree.path });
  const versions = new Map<string, FileVersion>();
  for (const entry of raw.toString('utf8').split('\0')) {
    const match = /^(\d{6}) ([0-9a-f]{40}) (\d)\t(.*)$/s.exec(entry);
    if (match === null) continue;
    // An unmerged path is the user's business; a mode of its own keeps it from matching anything.
    const mode = match[3] === '0' ? match[1] : '160000';
    versions.set(match[4] ?? '', { mode: mode as FileVersion['mode'], oid: match[2] ?? '' });
  }
  return versions;
}

async function workVersions(
  workTree: WorkTree,
  changes: readonly FileChange[],
): Promise<Map<string, WorkFile>> {
  const versions = new Map<string, WorkFile>();
  const regular: string[] = [];
  for (const { path } of changes) {
    const kind = await fileKind(join(workTree.path, path));
    if (kind === 'file' && !path.includes('\n')) regular.push(path);
    else if (kind === 'link')
      versions.set(path, { mode: '120000', oid: await linkOid(join(workTree.path, path)) });
    else if (kind !== undefined) versions.set(path, 'other');
  }
  if (regular.length === 0) return versions;
  // Through git, so that the line-end and filter rules of the repository apply.
  const raw = await gitBytes(['hash-object', '--stdin-paths'], {
    cwd: workTree.path,
    input: `${regular.join('\n')}\n`,
  });
  const oids = raw.toString('utf8').split('\n');
  for (const [at, path] of regular.entries()) versions.set(path, { mode: '100644', oid: oids[at] ?? '' });
  return versions;
}

async function fileKind(path: string): Promise<'file' | 'link' | 'other' | undefined> {
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) return 'link';
    return found.isFile() ? 'file' : 'other';
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'ENOTDIR') return 'other';
    throw error;
  }
}

async function linkOid(path: string): Promise<Oid> {
  return blobOid(Buffer.from(await readlink(path)));
}

async function carryFiles(
  workTree: WorkTree,
  changes: readonly FileChange[],
  plan: readonly PathPlan[],
): Promise<void> {
  const chosen = (wanted: (step: PathPlan) => boolean) =>
    changes.filter((_, at) => wanted(plan[at] ?? { index: false, file: 'keep' }));
  const next = await writeNextIndex(
    workTree,
    chosen((step) => step.index),
    chosen((step) => step.file === 'write'),
  );
  await faultPoint('checkout:files-written');
  for (const { path } of chosen((step) => step.file === 'remove')) await removeFile(workTree.path, path);
  await faultPoint('checkout:files-removed');
  await rename(next, join(workTree.gitDir, 'index'));
  await faultPoint('checkout:index-swapped');
}

/** Prepares the new index beside the old one, and writes the files from it. Returns its path. */
async function writeNextIndex(
  workTree: WorkTree,
  updated: readonly FileChange[],
  written: readonly FileChange[],
): Promise<string> {
  const next = join(workTree.gitDir, 'index.millwright');
  await rm(`${next}.lock`, { force: true });
  await copyFile(join(workTree.gitDir, 'index'), next).catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    await rm(next, { force: true });
  });
  const run = { cwd: workTree.path, env: { GIT_INDEX_FILE: next } };
  const info = updated.map(({ path, before, after }) =>
    after === undefined ? `0 ${before?.oid ?? ''}\t${path}\0` : `${after.mode} ${after.oid}\t${path}\0`,
  );
  await gitBytes(['update-index', '-z', '--index-info'], { ...run, input: info.join('') });
  const paths = written.map(({ path }) => `${path}\0`).join('');
  if (paths !== '')
    await gitBytes(['checkout-index', '-f', '-u', '-q', '-z', '--stdin'], { ...run, input: paths });
  if ((await stat(next).catch(() => undefined)) === undefined) await gitBytes(['read-tree', '--empty'], run);
  return next;
}

async function removeFile(root: string, path: string): Promise<void> {
  await rm(join(root, path), { force: true });
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      await rmdir(join(root, folder));
    } catch {
      return; // Not empty, or gone already: as far up as git itself would go.
    }
  }
}
