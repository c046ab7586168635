import { isAncestor } from '../git/branch.ts';
import { commitMessage } from '../git/commit-message.ts';
import { applyEdits } from '../git/edit.ts';
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

/** Writes the one commit of a proposal: the draft's files on top of the base. */
export async function writeProposalCommit(
  workspace: Workspace,
  draft: ProposalDraft,
  base: Oid,
): Promise<Oid> {
  const tree = await treeOf(workspace, base);
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

/** True when the branch holds just what Millwright would put there: nobody else has worked on it. */
export async function isUntouched(workspace: Workspace, head: Oid, draft: ProposalDraft): Promise<boolean> {
  const parents = (await gitText(['log', '-1', '--format=%P', head], { cwd: workspace.root })).split(' ');
  const message = await gitText(['log', '-1', '--format=%B', head], { cwd: workspace.root });
  if (parents.length !== 1 || !message.includes(`${TRAILER}: ${draft.id}`)) return false;
  const expected = await applyEdits(
    workspace.store,
    await treeOf(workspace, parents[0] ?? ''),
    draft.files.map(({ path, content }) => ({ put: path, content })),
  );
  return expected === (await treeOf(workspace, head));
}

/** True when the base has changed a file of the proposal since its branch was made. */
export async function isBehind(
  workspace: Workspace,
  head: Oid,
  base: Oid,
  draft: ProposalDraft,
): Promise<boolean> {
  const parent = await gitText(['rev-parse', '--verify', `${head}^`], { cwd: workspace.root });
  const before = new Snapshot(workspace.store, await treeOf(workspace, parent));
  const now = new Snapshot(workspace.store, await treeOf(workspace, base));
  for (const { path } of draft.files) {
    if ((await before.entry(path))?.oid !== (await now.entry(path))?.oid) return true;
  }
  return false;
}

export async function isMergedInto(workspace: Workspace, head: Oid, base: Oid): Promise<boolean> {
  return isAncestor(workspace.repository, head, base);
}

/** Who last changed a file on the base, and in which commit. */
export async function lastChange(
  workspace: Workspace,
  base: Oid,
  path: string,
): Promise<{ commit: Oid; by: string }> {
  const text = await gitText(['log', '-1', '--first-parent', '--format=%H%n%an <%ae>', base, '--', path], {
    cwd: workspace.root,
  });
  const [commit = base, by = 'somebody'] = text.split('\n');
  return { commit, by };
}

async function treeOf(workspace: Workspace, commit: Oid): Promise<Oid> {
  return gitText(['rev-parse', '--verify', `${commit}^{tree}`], { cwd: workspace.root });
}
