import { MillwrightError } from '../contracts/millwright-error.ts';
import type { Edit } from '../git/edit.ts';
import { fileChanges, sameVersion } from '../git/file-changes.ts';
import { gitText } from '../git/program.ts';
import type { Oid } from '../git/repository.ts';
import type { Workspace } from '../ledger/workspace.ts';
import { readHead } from './proposal-branch.ts';

/**
 * Merges a proposal's branch into the base with a merge commit. A file that the base has changed since is a
 * conflict and nothing is merged: the next pass makes the proposal anew. Throws `no-proposal`, `conflict`.
 * @param seen the commit that was looked at: a branch that has moved since is not merged, which is a `conflict` too
 */
export async function mergeProposal(
  workspace: Workspace,
  id: string,
  title: string,
  by: string,
  seen?: Oid,
): Promise<Oid | null> {
  const head = await readHead(workspace, id);
  if (head === null)
    throw new MillwrightError('no-proposal', `there is no branch ${id}`, {
      hint: 'millwright review list shows what is open',
    });
  if (seen !== undefined && head !== seen) throw moved(id, seen, head);
  const { commit: base } = await workspace.base.tip();
  const fork = await gitText(['merge-base', head, base ?? head], { cwd: workspace.root });
  const changes = await fileChanges(workspace.root, fork, head);
  const words = { subject: `Merge ${id}`, body: title, trailers: { 'Approved-by': by }, merges: [head] };
  const done = await workspace.base.transact(words, async (snapshot) => {
    const edits: Edit[] = [];
    for (const { path, before, after } of changes) {
      const now = await snapshot.entry(path);
      if (sameVersion(now, after)) continue;
      if (!sameVersion(now, before)) throw conflict(id, path);
      edits.push(after === undefined ? { remove: path } : { put: path, oid: after.oid, mode: after.mode });
    }
    return { edits, value: undefined };
  });
  return done.commit;
}

function conflict(id: string, path: string): MillwrightError {
  return new MillwrightError('conflict', `${path} has changed on the base branch since ${id} was made`, {
    hint: 'run "millwright run --once": the proposal is made anew on the present base',
    data: { id, path },
  });
}

function moved(id: string, seen: Oid, head: Oid): MillwrightError {
  return new MillwrightError('conflict', `the branch ${id} has moved since it was looked at`, {
    hint: 'look at it again: millwright review show',
    data: { id, expected: seen, found: head },
  });
}
