import { isUntouched, readHead } from '../../forge/proposal-branch.ts';
import { blobOid } from '../../git/blob-oid.ts';
import { fileChanges } from '../../git/file-changes.ts';
import { gitText } from '../../git/program.ts';
import type { Oid } from '../../git/repository.ts';
import { personaPath } from '../../ledger/paths.ts';
import type { Workspace } from '../../ledger/workspace.ts';

export type BranchCheck = { readonly head: Oid } | { readonly problem: string };

/** What may ever change without a person, whatever a patch, a branch or the settings say. */
const PERSONA_FILE = /^personas\/[a-z0-9]+(?:-[a-z0-9]+)*\.yaml$/;

/**
 * Looks at what a merge of this branch would bring: one commit of Millwright's own that changes the file of the
 * persona and nothing else, and makes of it just what the patch says.
 * @param content the persona's file as the patch would have it
 */
export async function checkBranch(
  workspace: Workspace,
  id: string,
  persona: string,
  content: string,
): Promise<BranchCheck> {
  const head = await readHead(workspace, id);
  if (head === null) return { problem: 'its branch is gone' };
  if (!(await isUntouched(workspace, head, id))) return { problem: 'its branch is not only ours' };
  const { commit: base } = await workspace.base.tip();
  const fork = await gitText(['merge-base', head, base ?? head], { cwd: workspace.root });
  const changes = await fileChanges(workspace.root, fork, head);
  const [change] = changes;
  if (changes.length !== 1 || change?.before === undefined || change.after === undefined)
    return { problem: 'its branch does not change one file' };
  const { path, before, after } = change;
  if (path !== personaPath(persona) || !PERSONA_FILE.test(path))
    return { problem: `it would change ${path}` };
  if (before.mode !== after.mode) return { problem: `it would change the mode of ${path}` };
  const expected = blobOid(Buffer.from(content));
  return after.oid === expected ? { head } : { problem: 'its branch is not what the patch says' };
}
