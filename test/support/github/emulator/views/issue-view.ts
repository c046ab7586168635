import type { Thread, World } from '../world.ts';
import { labelView } from './label-view.ts';
import { nodeId, userView } from './user-view.ts';

/** An issue in lists, a pull request included; one by itself also says who closed it. */
export function issueView(
  world: World,
  origin: string,
  thread: Thread,
  whole = false,
): Record<string, unknown> {
  const url = `${origin}/repos/${world.repository}/issues/${thread.number}`;
  return {
    ...sharedView(world, origin, thread),
    id: 10_000 + thread.number,
    node_id: nodeId(thread.pull === undefined ? 'I' : 'PR', thread.number),
    url,
    repository_url: `${origin}/repos/${world.repository}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: htmlUrl(world, origin, thread),
    comments: thread.comments.length,
    state_reason: thread.stateReason,
    ...(thread.pull === undefined ? {} : { pull_request: pullLinks(world, origin, thread) }),
    ...(whole ? { closed_by: thread.closedBy === null ? null : userView(origin, thread.closedBy) } : {}),
  };
}

/** What issues and pull requests show alike. */
export function sharedView(world: World, origin: string, thread: Thread): Record<string, unknown> {
  return {
    number: thread.number,
    title: thread.title,
    body: thread.body,
    state: thread.state,
    locked: false,
    active_lock_reason: null,
    user: userView(origin, thread.user),
    labels: thread.labels.map((name) => labelView(world, origin, name)),
    assignee: null,
    assignees: [],
    milestone: null,
    author_association: associationOf(world, thread.user),
    created_at: thread.createdAt,
    updated_at: thread.updatedAt,
    closed_at: thread.closedAt,
  };
}

export function htmlUrl(world: World, origin: string, { number, pull }: Thread): string {
  return `${origin}/${world.repository}/${pull === undefined ? 'issues' : 'pull'}/${number}`;
}

/** How the repository knows a person. */
export function associationOf(world: World, login: string): string {
  if (world.repository.startsWith(`${login}/`)) return 'OWNER';
  if ((world.options.collaborators ?? ['ada', 'grace']).includes(login)) return 'COLLABORATOR';
  return [...world.tokens.values()].some((token) => token.login === login) ? 'CONTRIBUTOR' : 'NONE';
}

function pullLinks(world: World, origin: string, thread: Thread): Record<string, unknown> {
  const html = htmlUrl(world, origin, thread);
  return {
    url: `${origin}/repos/${world.repository}/pulls/${thread.number}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    merged_at: thread.pull?.mergedAt ?? null,
  };
}
