import { gitText } from './program.ts';
import type { Repository } from './repository.ts';

export interface WorkTree {
  /** Absolute path. */
  readonly path: string;
  /** Absolute path of this work tree's own git folder, where its index lies. */
  readonly gitDir: string;
}

/** The work trees in which `ref` is checked out. A detached or bare one never counts. */
export async function workTreesOn(repository: Repository, ref: string): Promise<WorkTree[]> {
  const text = await gitText(['worktree', 'list', '--porcelain'], { cwd: repository.root });
  const paths = text
    .split('\n\n')
    .map((block) => block.split('\n'))
    .filter((lines) => lines.includes(`branch ${ref}`))
    .map((lines) => lines[0]?.replace(/^worktree /, '') ?? '');
  return Promise.all(paths.map((path) => workTreeAt(repository, path)));
}

async function workTreeAt(repository: Repository, path: string): Promise<WorkTree> {
  if (path === repository.root) return { path, gitDir: repository.gitDir };
  return { path, gitDir: await gitText(['rev-parse', '--absolute-git-dir'], { cwd: path }) };
}
