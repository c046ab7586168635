import { copyFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { faultPoint } from '../contracts/fault-point.ts';
import type { FileChange } from './file-changes.ts';
import { encodePath } from './path-text.ts';
import { codeOf } from './process-lock.ts';
import { type GitRun, gitBytes } from './program.ts';
import type { WorkTree } from './work-trees.ts';

export interface IndexPlan {
  /** Removals first: they make room. */
  readonly entries: readonly FileChange[];
  /** Paths to write to the work tree from the new index. */
  readonly files: readonly string[];
  /** Paths that a sparse checkout leaves out: their mark has to survive. */
  readonly absent: ReadonlySet<string>;
}

/** Prepares the new index beside the old one, writes the files from it, and puts it in place. */
export async function writeIndex(workTree: WorkTree, plan: IndexPlan): Promise<void> {
  const next = join(workTree.gitDir, 'index.millwright');
  await copyIndex(join(workTree.gitDir, 'index'), next);
  const run = { cwd: workTree.path, env: { GIT_INDEX_FILE: next } };
  await gitBytes(['update-index', '-z', '--index-info'], {
    ...run,
    input: lines(plan.entries.map(indexLine)),
  });
  await markAbsent(run, plan);
  if (plan.files.length > 0) {
    const input = lines(plan.files.map(encodePath));
    await gitBytes(['checkout-index', '-f', '-u', '-q', '-z', '--stdin'], { ...run, input });
  }
  await faultPoint('checkout:files-written');
  // Without a single entry, git has written no index at all.
  if ((await stat(next).catch(() => undefined)) === undefined) await gitBytes(['read-tree', '--empty'], run);
  await rename(next, join(workTree.gitDir, 'index'));
  await faultPoint('checkout:index-swapped');
}

async function copyIndex(from: string, to: string): Promise<void> {
  await rm(`${to}.lock`, { force: true });
  try {
    await copyFile(from, to);
    // Git looks twice at files that changed in the second in which the index was written. A copy that
    // looks younger than its original would hide an edit of that second forever.
    const { atime, mtimeMs } = await stat(from);
    await utimes(to, atime, Math.floor(mtimeMs / 1000));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    await rm(to, { force: true });
  }
}

function indexLine({ path, before, after }: FileChange): Buffer {
  const entry = after === undefined ? `0 ${before?.oid ?? ''}\t` : `${after.mode} ${after.oid}\t`;
  return Buffer.concat([Buffer.from(entry), encodePath(path)]);
}

function lines(items: readonly Buffer[]): Buffer {
  return Buffer.concat(items.flatMap((item) => [item, Buffer.of(0)]));
}

async function markAbsent(run: GitRun, { entries, absent }: IndexPlan): Promise<void> {
  const marked = entries.filter(({ path, after }) => after !== undefined && absent.has(path));
  if (marked.length === 0) return;
  const input = lines(marked.map(({ path }) => encodePath(path)));
  await gitBytes(['update-index', '-z', '--skip-worktree', '--stdin'], { ...run, input });
}
