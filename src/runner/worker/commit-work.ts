import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAncestor } from '../../git/branch.ts';
import { type CommitWords, commitMessage } from '../../git/commit-message.ts';
import { type GitRun, git, gitBytes, gitText } from '../../git/program.ts';
import type { Oid } from '../../git/repository.ts';
import type { Mirror } from './mirror.ts';
import { inert, type Worktree } from './worktree.ts';

export type Committed =
  | { readonly result: 'nothing-changed' }
  | { readonly result: 'committed'; readonly commit: Oid; readonly files: readonly string[] };

/**
 * Makes one commit of what lies in a work tree. Commits that an agent has made on top of the base are kept below
 * it; whatever else it did with branches, only the content counts, as one commit on the base.
 * @param ignore patterns of files that never belong to the work
 */
export async function commitWork(
  mirror: Mirror,
  worktree: Worktree,
  words: CommitWords,
  ignore: readonly string[] = [],
): Promise<Committed> {
  const { run, base } = worktree;
  await rm(join(run.env?.GIT_DIR ?? '', 'index.lock'), { force: true });
  const tree = await stagedTree(run, ignore);
  if (tree === (await treeOf(run, base))) return { result: 'nothing-changed' };
  const parent = await parentOf(mirror, worktree);
  const complete = (await treeOf(run, parent)) === tree;
  const commit = complete ? parent : await writeCommit(mirror, run, tree, parent, words);
  return { result: 'committed', commit, files: await changedFiles(run, base, commit) };
}

async function stagedTree(run: GitRun, ignore: readonly string[]): Promise<Oid> {
  const excluded = ignore.flatMap((pattern) => [`:(exclude,glob)${pattern}`, `:(exclude,glob)**/${pattern}`]);
  const quiet = ['-c', 'advice.addEmbeddedRepo=false', '-c', 'core.safecrlf=false'];
  await gitText([...inert, ...quiet, 'add', '--all', '--sparse', '--', '.', ...excluded], run);
  return gitText([...inert, 'write-tree'], run);
}

function treeOf(run: GitRun, commit: Oid): Promise<Oid> {
  return gitText(['rev-parse', '--verify', `${commit}^{tree}`], run);
}

/** The agent's own last commit when the base lies below it, else the base. */
async function parentOf(mirror: Mirror, { run, base }: Worktree): Promise<Oid> {
  const answer = await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], run);
  const head = answer.stdout.toString('utf8').trim();
  const kept = answer.code === 0 && (await isAncestor(mirror.repository, base, head));
  return kept ? head : base;
}

function writeCommit(mirror: Mirror, run: GitRun, tree: Oid, parent: Oid, words: CommitWords): Promise<Oid> {
  const { clock, settings } = mirror.workspace;
  const { name, email } = settings.author;
  const date = `${Math.floor(clock.now().getTime() / 1_000)} +0000`;
  const who = (role: string) => ({
    [`GIT_${role}_NAME`]: name,
    [`GIT_${role}_EMAIL`]: email,
    [`GIT_${role}_DATE`]: date,
  });
  const env = { ...run.env, ...who('AUTHOR'), ...who('COMMITTER') };
  const commit = ['commit-tree', '--no-gpg-sign', tree, '-p', parent, '-F', '-'];
  return gitText(commit, { ...run, env, input: commitMessage([words]) });
}

async function changedFiles(run: GitRun, base: Oid, commit: Oid): Promise<string[]> {
  const names = await gitBytes(['diff-tree', '-r', '-z', '--no-renames', '--name-only', base, commit], run);
  return names
    .toString('utf8')
    .split('\0')
    .filter((name) => name !== '');
}
