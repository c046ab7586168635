import { isAncestor } from '../git/branch.ts';
import { commitMessage } from '../git/commit-message.ts';
import { applyEdits } from '../git/edit.ts';
import { fileChanges, sameVersion } from '../git/file-changes.ts';
import { localRefs } from '../git/local-refs.ts';
import { moveBranch } from '../git/move-branch.ts';
import { gitText } from '../git/program.ts';
import type { RefVerdict } from '../git/ref-transport.ts';
import type { Oid } from '../git/repository.ts';
import { Snapshot } from '../git/snapshot.ts';
import { workTreesOn } from '../git/work-trees.ts';
import type { Workspace } from '../ledger/workspace.ts';
import type { ProposalDraft } from './forge.ts';

const TRAILER = 'Millwright-Proposal';

export function branchRef(id: string): string {
  return `refs/heads/${id}`;
}

/** The branch of a proposal as the place of truth has it; null when there is none. */
export async function readHead(workspace: Workspace, id: string): Promise<Oid | null> {
  return (await workspace.refs.read([branchRef(id)])).get(branchRef(id)) ?? null;
}

/**
 * True for a branch that was made before there was a remote and has never been there: then its absence there
 * is nobody's answer.
 * @param head the commit of the branch as its page names it
 */
export async function isUnpublished(workspace: Workspace, id: string, head: Oid): Promise<boolean> {
  if (workspace.remote === undefined) return false;
  const seenThere = `refs/remotes/${workspace.remote.remote}/${id}`;
  const here = await localRefs(workspace.repository).read([branchRef(id), seenThere]);
  return here.get(branchRef(id)) === head && !here.has(seenThere);
}

/** Writes the one commit of a proposal: the draft's files on top of the base. */
export async function writeProposalCommit(
  workspace: Workspace,
  draft: ProposalDraft,
  base: Oid,
): Promise<Oid> {
  const tree = await workspace.store.treeOf(base);
  const edits = draft.files.map(({ path, content }) => ({ put: path, content }));
  const message = commitMessage([{ subject: draft.title, trailers: { [TRAILER]: draft.id } }]);
  const { store, settings, clock } = workspace;
  return store.writeCommit({
    tree: await applyEdits(store, tree, edits),
    parents: [base],
    message,
    author: settings.author,
    at: clock.now(),
  });
}

/** Moves, creates or deletes the branch of a proposal. Where a person has it checked out, the checkout moves along. */
export async function moveHead(
  workspace: Workspace,
  id: string,
  expected: Oid | null,
  next: Oid | null,
): Promise<RefVerdict> {
  const update = { ref: branchRef(id), expected, next };
  if (workspace.remote === undefined)
    return (await moveBranch(workspace.repository, workspace.clock, update)).verdict;
  await workspace.budget.take('intake');
  const [verdict] = await workspace.refs.push([update]);
  return verdict ?? { result: 'lost', detail: 'no answer' };
}

/** Takes a decided proposal's branch away, unless a person has it checked out. */
export async function deleteHead(workspace: Workspace, id: string, head: Oid): Promise<void> {
  const inUse =
    workspace.remote === undefined && (await workTreesOn(workspace.repository, branchRef(id))).length > 0;
  if (!inUse) await moveHead(workspace, id, head, null);
}

/**
 * True when nobody else has worked on the branch: its commit is one that Millwright wrote for this proposal,
 * or holds just what Millwright would put on its parent. Merges of the base into it, as a button on GitHub makes
 * them, bring in nothing of anybody's own.
 * @param draft absent: only the commit itself is looked at
 */
export async function isUntouched(
  workspace: Workspace,
  head: Oid,
  id: string,
  draft?: ProposalDraft,
): Promise<boolean> {
  const own = await withoutUpdates(workspace, head);
  if (!(await isOwn(workspace, own, id, draft))) return false;
  return own === head || onlyUpdated(workspace, own, head);
}

/** More merges of the base than anybody asks for. */
const MOST_UPDATES = 200;

/** The commit on which the base was merged into the branch, again and again. */
async function withoutUpdates({ root }: Workspace, head: Oid): Promise<Oid> {
  const range = ['log', '--first-parent', `--max-count=${MOST_UPDATES}`, '--format=%H %P', head];
  const lines = (await gitText(range, { cwd: root })).split('\n').map((line) => line.split(' '));
  return lines.find((line) => line.length !== 3)?.[0] ?? head;
}

/** What the branch brings to the base that was merged in last is what its own commit has brought. */
async function onlyUpdated(workspace: Workspace, own: Oid, head: Oid): Promise<boolean> {
  const { parents } = await readCommit(workspace, head);
  const [before, merged] = [await firstParent(workspace, own), parents[1]];
  const { commit: base } = await workspace.base.tip();
  if (before === undefined || merged === undefined || base === null) return false;
  if (!(await isAncestor(workspace.repository, merged, base))) return false;
  const brought = await fileChanges(workspace.root, before, own);
  const now = await fileChanges(workspace.root, merged, head);
  const holds = new Snapshot(workspace.store, await workspace.store.treeOf(head));
  for (const { path, after } of brought) if (!sameVersion(await holds.entry(path), after)) return false;
  return now.every(({ path }) => brought.some((change) => change.path === path));
}

async function isOwn(workspace: Workspace, commit: Oid, id: string, draft?: ProposalDraft): Promise<boolean> {
  const { parents, author, committer, message } = await readCommit(workspace, commit);
  const [parent] = parents;
  if (parent === undefined || parents.length > 1 || !message.includes(`${TRAILER}: ${id}`)) return false;
  // Whoever amends or rebases a commit becomes its committer, at a time of their own.
  if (author === committer && author.startsWith(`${workspace.settings.author.email} `)) return true;
  if (draft === undefined) return false;
  const edits = draft.files.map(({ path, content }) => ({ put: path, content }));
  const expected = await applyEdits(workspace.store, await workspace.store.treeOf(parent), edits);
  return expected === (await workspace.store.treeOf(commit));
}

/** True when the commit was made for this proposal, by Millwright or from its commit. */
export async function isMadeFor(workspace: Workspace, commit: Oid, id: string): Promise<boolean> {
  return (await readCommit(workspace, commit)).message.includes(`${TRAILER}: ${id}`);
}

interface CommitFacts {
  readonly parents: readonly Oid[];
  /** Address and time. */
  readonly author: string;
  readonly committer: string;
  readonly message: readonly string[];
}

async function readCommit(workspace: Workspace, commit: Oid): Promise<CommitFacts> {
  const format = '--format=%P%n%ae %at%n%ce %ct%n%B';
  const text = await gitText(['log', '-1', format, commit], { cwd: workspace.root });
  // A commit without parents begins with an empty line, which is trimmed away.
  const lines = /^[0-9a-f]{40}\b/.test(text) ? text.split('\n') : ['', ...text.split('\n')];
  const [parents = '', author = '', committer = '', ...message] = lines;
  return { parents: parents === '' ? [] : parents.split(' '), author, committer, message };
}

/**
 * True when the base has changed a file of the proposal since its branch was made, or when a shallow clone cannot
 * tell: a branch that is made anew is never wrong.
 */
export async function isBehind(
  workspace: Workspace,
  head: Oid,
  base: Oid,
  draft: ProposalDraft,
): Promise<boolean> {
  const parent = await lastParent(workspace, head);
  if (parent === undefined) return true;
  const before = new Snapshot(workspace.store, await workspace.store.treeOf(parent));
  const now = new Snapshot(workspace.store, await workspace.store.treeOf(base));
  for (const { path } of draft.files) {
    if ((await before.entry(path))?.oid !== (await now.entry(path))?.oid) return true;
  }
  return false;
}

/** The commit of the base on which the branch stands: of a merge the second. */
async function lastParent(workspace: Workspace, head: Oid): Promise<Oid | undefined> {
  return (await parentsHere(workspace, head)).at(-1);
}

async function firstParent(workspace: Workspace, commit: Oid): Promise<Oid | undefined> {
  return (await parentsHere(workspace, commit))[0];
}

/** None where a shallow clone ends before one of them. */
async function parentsHere({ store }: Workspace, commit: Oid): Promise<Oid[]> {
  const [top = ''] = (await store.existing(commit)).body.toString('latin1').split('\n\n');
  const parents = [...top.matchAll(/^parent ([0-9a-f]{40})$/gm)].map(([, parent = '']) => parent);
  const here = await Promise.all(parents.map((parent) => store.read(parent)));
  return here.includes(undefined) ? [] : parents;
}
