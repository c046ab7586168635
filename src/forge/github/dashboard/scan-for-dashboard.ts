import type { Desk } from '../desk.ts';
import type { DashboardAuthor } from './dashboard-author.ts';
import { hasDashboardMarker, type Issue, issueShape } from './dashboard-issue.ts';

/** More issues than these are not looked through, oldest first. */
const MOST_LOOKED_AT = 5_000;

/** The dashboard whatever has become of its label. Reads issue after issue, so only before one is made. */
export async function scanForDashboard(
  { client }: Desk,
  author: DashboardAuthor,
): Promise<Issue | undefined> {
  let seen = 0;
  const issues = await client.list({
    route: 'GET /repos/{owner}/{repo}/issues',
    parameters: { state: 'all', sort: 'created', direction: 'asc' },
    shape: issueShape,
    action: 'look for a dashboard without a label',
    feature: 'dashboard',
    goOn: () => {
      seen += 1;
      return seen < MOST_LOOKED_AT;
    },
    mostPages: MOST_LOOKED_AT,
  });
  for (const issue of issues.filter(hasDashboardMarker))
    if ((await author.of(issue)) === 'ours') return issue;
  return undefined;
}
