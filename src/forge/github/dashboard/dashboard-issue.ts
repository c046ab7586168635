import { z } from 'zod';
import { DASHBOARD_MARKER } from './render-dashboard.ts';

export const DASHBOARD_TITLE = 'Millwright dashboard';

/** What is used of an issue. */
export const issueShape = z.object({
  number: z.int(),
  state: z.enum(['open', 'closed']),
  title: z.string(),
  body: z
    .string()
    .nullish()
    .transform((body) => (body ?? '').replaceAll('\r\n', '\n').trim()),
  user: z.object({ login: z.string(), type: z.string().optional() }).nullable(),
  pull_request: z.unknown().optional(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])).nullish(),
});
export type Issue = z.infer<typeof issueShape>;

/** By its words, whoever wrote them. A body that somebody has emptied is written anew, so the title is enough. */
export function looksLikeDashboard(issue: Issue): boolean {
  return isIssue(issue) && (hasDashboardMarker(issue) || issue.title === DASHBOARD_TITLE);
}

export function hasDashboardMarker(issue: Issue): boolean {
  return isIssue(issue) && issue.body.startsWith(DASHBOARD_MARKER);
}

function isIssue({ pull_request: pull }: Issue): boolean {
  return pull === undefined || pull === null;
}
