import type { Desk } from '../desk.ts';
import { warnOnce } from '../warn-once.ts';
import { dashboardHint } from './dashboard-hint.ts';
import { type Issue, isDashboard, isOfContributor, issueShape } from './dashboard-issue.ts';

export const DASHBOARD_LABEL = 'millwright-dashboard';
export const DASHBOARD_FEATURE = 'dashboard issues';

/** The dashboard by its label, or the one that this machine has seen last. Of several the oldest. */
export async function findDashboard(desk: Desk): Promise<Issue | undefined> {
  const labelled = await desk.client.list({
    route: 'GET /repos/{owner}/{repo}/issues',
    parameters: { labels: DASHBOARD_LABEL, state: 'all', sort: 'created', direction: 'asc' },
    shape: issueShape,
    action: 'look for the dashboard',
    feature: 'dashboard',
  });
  const found = labelled.find(isDashboard) ?? (await lastSeen(desk));
  const doubtful = found === undefined ? labelled.find(isOfContributor) : undefined;
  if (doubtful !== undefined) refuse(desk, doubtful);
  return found;
}

/** GitHub does not say of private members that they are some: a second dashboard each pass would be worse than none. */
function refuse({ workspace, leftOut }: Desk, { number }: Issue): void {
  leftOut.add(DASHBOARD_FEATURE);
  warnOnce(
    workspace,
    `issue #${number} looks like the dashboard, but GitHub does not say that its author may write to this repository: none is kept; take its label away to have one made`,
  );
}

/** What the hint names must look like a dashboard as well. */
async function lastSeen(desk: Desk): Promise<Issue | undefined> {
  const number = await dashboardHint.read(desk);
  if (number === undefined) return undefined;
  const issue = await desk.client.find({
    route: 'GET /repos/{owner}/{repo}/issues/{issue_number}',
    parameters: { issue_number: number },
    shape: issueShape,
    action: 'look at the dashboard',
    feature: 'dashboard',
  });
  return issue !== undefined && isDashboard(issue) ? issue : undefined;
}
