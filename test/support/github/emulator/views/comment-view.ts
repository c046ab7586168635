import type { Remark, Thread, World } from '../world.ts';
import { associationOf, htmlUrl } from './issue-view.ts';
import { nodeId, userView } from './user-view.ts';

export function commentView(
  world: World,
  origin: string,
  thread: Thread,
  comment: Remark,
): Record<string, unknown> {
  const repo = `${origin}/repos/${world.repository}`;
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url: `${repo}/issues/comments/${comment.id}`,
    html_url: `${htmlUrl(world, origin, thread)}#issuecomment-${comment.id}`,
    issue_url: `${repo}/issues/${thread.number}`,
    body: comment.body,
    user: userView(origin, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(world, comment.user),
    performed_via_github_app: null,
  };
}
