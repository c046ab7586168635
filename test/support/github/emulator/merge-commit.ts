import type { BareRepository, CommitFacts } from './bare-repository.ts';
import type { MergeMethod } from './options.ts';

export interface MergeWords {
  readonly title: string;
  readonly body: string;
}

export interface Committer {
  readonly login: string;
  readonly now: Date;
}

/** The tree of both sides merged; undefined when they conflict. */
export async function mergedTree(
  git: BareRepository,
  base: string,
  head: string,
): Promise<string | undefined> {
  const output = await git.run(['merge-tree', '--write-tree', base, head], { codes: [1] });
  const [tree = '', ...conflicts] = output.split('\n');
  return conflicts.length === 0 ? tree : undefined;
}

/** Makes the commit that a merge leaves on the base; undefined when there are conflicts. No branch is moved. */
export async function makeMerge(
  git: BareRepository,
  method: MergeMethod,
  base: string,
  head: string,
  words: MergeWords,
  who: Committer,
): Promise<string | undefined> {
  if (method === 'rebase') return rebased(git, base, head, who);
  const tree = await mergedTree(git, base, head);
  if (tree === undefined) return undefined;
  const parents = method === 'merge' ? [base, head] : [base];
  return commitTree(git, tree, parents, `${words.title}\n\n${words.body}`.trim(), personEnv(who));
}

/** Every commit of the head anew on top of the base, by its author and committed by who merges. */
async function rebased(
  git: BareRepository,
  base: string,
  head: string,
  who: Committer,
): Promise<string | undefined> {
  let tip = base;
  for (const commit of git.between(base, head).filter(({ parents }) => parents.length === 1)) {
    const tree = await pickedTree(git, tip, commit, who);
    if (tree === undefined) return undefined;
    tip = await commitTree(git, tree, [tip], commit.message, { ...personEnv(who), ...authorEnv(commit) });
  }
  return tip;
}

/** A three-way merge has to start at the commit's parent: a stand-in for the tip is made a child of it. */
async function pickedTree(
  git: BareRepository,
  tip: string,
  commit: CommitFacts,
  who: Committer,
): Promise<string | undefined> {
  const tree = await git.run(['rev-parse', `${tip}^{tree}`]);
  const standIn = await commitTree(git, tree, commit.parents, 'stand-in', personEnv(who));
  return mergedTree(git, standIn, commit.oid);
}

function commitTree(
  git: BareRepository,
  tree: string,
  parents: readonly string[],
  message: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const links = parents.flatMap((parent) => ['-p', parent]);
  return git.run(['commit-tree', tree, ...links], { input: `${message}\n`, env });
}

function personEnv({ login, now }: Committer): Record<string, string> {
  const email = `${login}@users.noreply.github.com`;
  const date = now.toISOString();
  return {
    GIT_AUTHOR_NAME: login,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: login,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}

function authorEnv({ author }: CommitFacts): Record<string, string> {
  return { GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email, GIT_AUTHOR_DATE: author.date };
}
