import type { Workspace } from '../../ledger/workspace.ts';

/** Where GitHub looks for the file; the first that is there counts. */
const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** The CODEOWNERS file of the base branch; empty where there is none. */
export async function readCodeowners(workspace: Workspace): Promise<string> {
  const { snapshot } = await workspace.base.tip();
  for (const path of PLACES) {
    const text = await snapshot.text(path);
    if (text !== undefined) return text;
  }
  return '';
}
