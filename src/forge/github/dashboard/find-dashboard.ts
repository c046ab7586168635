import type { Desk } from '../desk.ts';
import { warnOnce } from '../warn-once.ts';
import type { DashboardAuthor } from './dashboard-author.ts';
import { dashboardHint } from './dashboard-hint.ts';
import { type Issue, issueShape, looksLikeDashboard } from './dashboard-issue.ts';

export const DASHBOARD_LABEL = 'millwright-dashboard';
export const DASHBOARD_FEATURE = 'dashboard issues';

/** The dashboard by its label, or the one that this machine has seen last. Of several the oldest. */
export async function findDashboard(desk: Desk, author: DashboardAuthor): Promise<Issue | undefined> {
  const labelled = await desk.client.list({
    route: 'GET /repos/{owner}/{repo}/issues',
    parameters: { labels: DASHBOARD_LABEL, state: 'all', sort: 'created', direction: 'asc' },
    shape: issueShape,
    action: 'look for the dashboard',
    feature: 'dashboard',
  });
  for (const issue of labelled.filter(looksLikeDashboard)) {
    const made = await author.of(issue);
    if (made === 'ours') return issue;
    refuse(desk, issue, made);
  }
  return lastSeen(desk, author);
}

/** Where nobody knows whose the token is, a second dashboard in each pass would be worse than none. */
function refuse({ workspace, leftOut }: Desk, { number, state }: Issue, made: 'another' | 'unknown'): void {
  if (made === 'unknown') leftOut.add(DASHBOARD_FEATURE);
  else if (state === 'closed') return;
  const looks = `issue #${number} looks like the dashboard, but`;
  warnOnce(
    workspace,
    made === 'unknown'
      ? `${looks} GitHub does not say whose this token is: none is kept; take its label away to have one made`
      : `${looks} another account than that of this token has made it: it takes no orders, and Millwright keeps one of its own; close it, or take its label away`,
  );
}

/** What the hint names must look like a dashboard as well. */
async function lastSeen(desk: Desk, author: DashboardAuthor): Promise<Issue | undefined> {
  const hint = await dashboardHint.read(desk);
  if (hint === undefined) return undefined;
  const issue = await desk.client.find({
    route: 'GET /repos/{owner}/{repo}/issues/{issue_number}',
    parameters: { issue_number: hint.number },
    shape: issueShape,
    action: 'look at the dashboard',
    feature: 'dashboard',
  });
  if (issue === undefined || !looksLikeDashboard(issue)) return undefined;
  return (await author.of(issue)) === 'ours' ? issue : undefined;
}
