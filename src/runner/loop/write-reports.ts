import type { Edit } from '../../git/edit.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { REPORTS, type Report } from './make-report.ts';

/**
 * Commits reports to the ledger branch, with their pictures. What is there already stays: a report that says the same
 * again is no commit. Pictures that a report no longer shows are taken away.
 * @returns the paths that were written or taken away
 */
export async function writeReports(
  { workspace }: PassContext,
  reports: readonly Report[],
): Promise<string[]> {
  const names = reports.map(({ week }) => week).join(', ');
  const done = await workspace.log.transact({ subject: `Report ${names}` }, async (snapshot) => {
    const edits = (await Promise.all(reports.map((report) => editsOf(snapshot, report)))).flat();
    return { edits, value: edits.map((edit) => ('put' in edit ? edit.put : edit.remove)) };
  });
  return done.value;
}

type FileEdit = Extract<Edit, { put: string; content: string | Uint8Array } | { remove: string }>;

async function editsOf(snapshot: Snapshot, { week, files }: Report): Promise<FileEdit[]> {
  const edits: FileEdit[] = [];
  for (const [path, content] of files)
    if ((await snapshot.text(path)) !== content) edits.push({ put: path, content });
  for await (const { path } of snapshot.walk(`${REPORTS}/${week}`))
    if (path.endsWith('.svg') && !files.has(path)) edits.push({ remove: path });
  return edits;
}
