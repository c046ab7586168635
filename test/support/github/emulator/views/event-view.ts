import type { ThreadEvent, World } from '../world.ts';
import { nodeId, userView } from './user-view.ts';

export function eventView(world: World, origin: string, event: ThreadEvent): Record<string, unknown> {
  const repo = `${origin}/repos/${world.repository}`;
  const commit = event.commit ?? null;
  return {
    id: event.id,
    node_id: nodeId('E', event.id),
    url: `${repo}/issues/events/${event.id}`,
    actor: userView(origin, event.actor),
    event: event.event,
    commit_id: commit,
    commit_url: commit === null ? null : `${repo}/commits/${commit}`,
    created_at: event.createdAt,
    performed_via_github_app: null,
    ...event.more,
  };
}
