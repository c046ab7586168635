import type { Desk } from '../desk.ts';
import { hasDashboardMarker, type Issue, issueShape } from './dashboard-issue.ts';

/** More issues than these are not looked through, oldest first. */
const MOST_LOOKED_AT = 5_000;

/** The dashboard whatever has become of its label. Reads issue after issue, so only before one is made. */
export async function scanForDashboard({ client }: Desk): Promise<Issue | undefined> {
  let seen = 0;
  const issues = await client.list({
    route: 'GET /repos/{owner}/{repo}/issues',
    parameters: { state: 'all', sort: 'created', direction: 'asc' },
    shape: issueShape,
    action: 'look for a dashboard without a label',
    feature: 'dashboard',
    goOn: (issue) => {
      seen += 1;
      return seen < MOST_LOOKED_AT && !hasDashboardMarker(issue);
    },
    mostPages: MOST_LOOKED_AT,
  });
  return issues.find((issue) => hasDashboardMarker(issue));
}
