import type { Board, BoardOrders, BoardRow } from '../../forge.ts';
import type { Desk } from '../desk.ts';
import { orLeaveOut } from '../or-leave-out.ts';
import { warnOnce } from '../warn-once.ts';
import { tickedOrders, withoutTicks, withTicks } from './check-marks.ts';
import { type DashboardAuthor, dashboardAuthor } from './dashboard-author.ts';
import { dashboardHint } from './dashboard-hint.ts';
import { DASHBOARD_TITLE, type Issue, issueShape } from './dashboard-issue.ts';
import { DASHBOARD_LABEL, DASHBOARD_FEATURE as FEATURE, findDashboard } from './find-dashboard.ts';
import { readOrders } from './order-line.ts';
import { renderDashboard } from './render-dashboard.ts';
import { scanForDashboard } from './scan-for-dashboard.ts';

const NOTHING: BoardOrders = { open: [], remake: [], reconsider: [] };

/** What one pass knows of the dashboard. */
interface Sight {
  readonly author: DashboardAuthor;
  /** As it was found; undefined when there is none, or none that may be seen. */
  issue: Promise<Issue | undefined> | undefined;
  /** The ticks that this pass has read as orders. */
  taken: readonly string[];
}

/** One standing issue. Without the right to issues there is none, and nothing else fails for that. */
export function openDashboard(desk: Desk): Board {
  const sight: Sight = { author: dashboardAuthor(desk), issue: undefined, taken: [] };
  return {
    orders: async () => {
      const issue = await found(desk, sight);
      if (issue === undefined || issue.state === 'closed') return NOTHING;
      sight.taken = tickedOrders(issue.body);
      return readOrders(issue.body);
    },
    show: async (rows, notes) => {
      const done = await orLeaveOut(desk, FEATURE, () => show(desk, sight, rows, notes));
      return done ?? false;
    },
  };
}

function found(desk: Desk, sight: Sight): Promise<Issue | undefined> {
  sight.issue ??= orLeaveOut(desk, FEATURE, () => findDashboard(desk, sight.author));
  return sight.issue;
}

async function show(
  desk: Desk,
  sight: Sight,
  rows: readonly BoardRow[],
  notes: readonly string[],
): Promise<boolean> {
  const body = renderDashboard(rows, notes, (id) => desk.pulls.known(id)?.number);
  const labelled = await found(desk, sight);
  if (desk.leftOut.has(FEATURE)) return false;
  if (labelled === undefined && rows.length + notes.length === 0) return false;
  const issue = labelled ?? (await unlabelled(desk, sight));
  if (issue === undefined) {
    sight.issue = create(desk, body);
    await sight.issue;
    return true;
  }
  await dashboardHint.write(desk, issue);
  if (issue.state === 'closed') return leaveClosed(desk, issue);
  const isTaken = tickedOrders(issue.body).some((order) => sight.taken.includes(order));
  if (withoutTicks(issue.body) === body && !isTaken) return false;
  sight.issue = write(desk, sight, issue, body);
  await sight.issue;
  return true;
}

/** Its label gets lost with a careless click: it is put back. */
async function unlabelled(desk: Desk, { author }: Sight): Promise<Issue | undefined> {
  const issue = await scanForDashboard(desk, author);
  if (issue === undefined || issue.state === 'closed') return issue;
  await desk.client.request({
    route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
    parameters: { issue_number: issue.number, labels: [DASHBOARD_LABEL] },
    shape: issueShape.shape.labels,
    action: 'label the dashboard',
    feature: FEATURE,
    repeatable: true,
  });
  return issue;
}

function leaveClosed({ workspace }: Desk, { number }: Issue): false {
  warnOnce(
    workspace,
    `the dashboard, issue #${number}, was closed and is left so: open it again, or set github.dashboard: false in millwright.yaml`,
  );
  return false;
}

async function create(desk: Desk, body: string): Promise<Issue> {
  const issue = await desk.client.request({
    route: 'POST /repos/{owner}/{repo}/issues',
    parameters: { title: DASHBOARD_TITLE, body, labels: [DASHBOARD_LABEL] },
    shape: issueShape,
    action: 'make the dashboard',
    feature: FEATURE,
  });
  await dashboardHint.write(desk, issue);
  return issue;
}

/** A box that was ticked while this pass was at work is an order for the next one. */
async function write(desk: Desk, { taken }: Sight, issue: Issue, body: string): Promise<Issue> {
  const about = { parameters: { issue_number: issue.number }, shape: issueShape, feature: FEATURE };
  const now = await desk.client.request({
    ...about,
    route: 'GET /repos/{owner}/{repo}/issues/{issue_number}',
    action: 'look at the dashboard',
  });
  const late = tickedOrders(now.body).filter((order) => !taken.includes(order));
  return desk.client.request({
    ...about,
    route: 'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
    parameters: { issue_number: issue.number, body: withTicks(body, late) },
    action: 'bring the dashboard up to date',
  });
}
