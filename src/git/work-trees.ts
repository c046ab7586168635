import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { gitText } from './program.ts';
import type { Repository } from './repository.ts';

export interface WorkTree {
  /** Absolute path. */
  readonly path: string;
  /** Absolute path of this work tree's own git folder, where its index lies. */
  readonly gitDir: string;
}

/**
 * The work trees in which `ref` is checked out. A detached or bare one never counts, nor one whose folder
 * is gone: git keeps its name until somebody prunes it.
 */
export async function workTreesOn(repository: Repository, ref: string): Promise<WorkTree[]> {
  const text = await gitText(['worktree', 'list', '--porcelain'], { cwd: repository.root });
  const paths = text
    .split('\n\n')
    .map((block) => block.split('\n'))
    .filter((lines) => lines.includes(`branch ${ref}`))
    .map((lines) => lines[0]?.replace(/^worktree /, '') ?? '');
  const there = await Promise.all(paths.filter(existsSync).map((path) => workTreeAt(repository, path)));
  return there.filter((workTree) => workTree !== undefined);
}

async function workTreeAt(repository: Repository, path: string): Promise<WorkTree | undefined> {
  if (path === repository.root) return { path, gitDir: repository.gitDir };
  // With a git folder elsewhere (--separate-git-dir), git names that folder instead of the work tree.
  const isGitDir = resolve(path) === repository.commonDir;
  if (isGitDir && repository.gitDir !== repository.commonDir) return undefined;
  if (isGitDir) return repository.bare ? undefined : { path: repository.root, gitDir: repository.gitDir };
  return { path, gitDir: await gitText(['rev-parse', '--absolute-git-dir'], { cwd: path }) };
}
