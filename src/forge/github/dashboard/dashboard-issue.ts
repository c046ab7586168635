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
  author_association: z.string().nullish(),
  pull_request: z.unknown().optional(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])).nullish(),
});
export type Issue = z.infer<typeof issueShape>;

/** A body that somebody has emptied is written anew, so the title is enough beside the label. */
export function isDashboard(issue: Issue): boolean {
  return isTrusted(issue) && (hasDashboardMarker(issue) || issue.title === DASHBOARD_TITLE);
}

export function hasDashboardMarker(issue: Issue): boolean {
  return isTrusted(issue) && issue.body.startsWith(DASHBOARD_MARKER);
}

/** One that would be the dashboard if its author were known to belong here. */
export function isOfContributor({ author_association: association, ...issue }: Issue): boolean {
  return association === 'CONTRIBUTOR' && isDashboard({ ...issue, author_association: 'MEMBER' });
}

/** Whoever opens an issue may tick its boxes: one of a stranger takes no orders. */
function isTrusted({ user, author_association: association, pull_request: pull }: Issue): boolean {
  const isOurs = user?.type === 'Bot' || ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(association ?? '');
  return isOurs && (pull === undefined || pull === null);
}
