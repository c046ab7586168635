import { gitText } from '../git/program.ts';
import type { Oid } from '../git/repository.ts';
import type { Workspace } from '../ledger/workspace.ts';

/** Commits of one file that are looked at. More happen to no persona between two passes. */
const MOST_COMMITS = 50;

/**
 * The commit of the base that brought a change in, and who is behind it.
 * @param path a file that the change touches
 * @param hasIt whether the base had the change at a commit; asked from the newest back to the first "no"
 */
export async function decidingCommit(
  workspace: Workspace,
  base: Oid,
  path: string,
  hasIt: (commit: Oid) => Promise<boolean>,
): Promise<{ commit: Oid; by: string }> {
  const range = ['log', '--first-parent', `--max-count=${MOST_COMMITS}`, '--format=%H', base, '--', path];
  const commits = (await gitText(range, { cwd: workspace.root })).split('\n').filter((line) => line !== '');
  let commit = commits[0] ?? base;
  for (const older of commits) {
    if (!(await hasIt(older))) break;
    commit = older;
  }
  return { commit, by: await personBehind(workspace, commit) };
}

/**
 * The author, as a rule. A commit of Millwright names who approved it; one that was rebased has the person as
 * its committer; a fast-forward leaves no trace of who made it.
 */
async function personBehind(workspace: Workspace, commit: Oid): Promise<string> {
  const format = '--format=%an <%ae>%n%cn <%ce>%n%(trailers:key=Approved-by,valueonly)';
  const text = await gitText(['log', '-1', format, commit], { cwd: workspace.root });
  const [author = '', committer = '', approved = ''] = text.split('\n');
  const isPerson = (who: string) => !who.endsWith(` <${workspace.settings.author.email}>`);
  if (isPerson(author)) return author;
  if (approved !== '') return approved;
  return isPerson(committer) ? committer : 'a person, by fast-forward';
}
