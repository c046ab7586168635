import { isAncestor } from '../git/branch.ts';
import type { Oid } from '../git/repository.ts';
import type { Workspace } from '../ledger/workspace.ts';
import type { Forge, ForgeProposal } from './forge.ts';
import { deleteHead, isUntouched, readHead } from './proposal-branch.ts';

/**
 * Takes a decided proposal away. The page goes last: while it is there, the next pass knows that there may be
 * a branch to take away. A branch that holds the work of others is theirs and stays.
 * @param words what became of it, where the forge keeps such words
 */
export async function tidyProposal(
  workspace: Workspace,
  forge: Forge,
  id: string,
  words?: string,
): Promise<void> {
  const page = (await forge.list([id])).find((known) => known.id === id);
  const head = await readHead(workspace, id);
  if (head !== null) {
    if (await isExpendable(workspace, page, head, id)) await deleteHead(workspace, id, head);
    else workspace.warnings.push(`branch ${id} was left alone: it has commits that Millwright did not make`);
  }
  await forge.settle(id, words);
}

async function isExpendable(
  workspace: Workspace,
  page: ForgeProposal | undefined,
  head: Oid,
  id: string,
): Promise<boolean> {
  if (page?.head === head || (await isUntouched(workspace, head, id))) return true;
  const { commit } = await workspace.base.tip();
  return commit !== null && isAncestor(workspace.repository, head, commit);
}
