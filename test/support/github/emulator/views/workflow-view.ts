import type { WorkflowFacts, World } from '../world.ts';
import { nodeId } from './user-view.ts';

export function workflowView(world: World, origin: string, flow: WorkflowFacts): Record<string, unknown> {
  const html = `${origin}/${world.repository}`;
  return {
    id: flow.id,
    node_id: nodeId('W', flow.id),
    name: flow.name,
    path: flow.path,
    state: flow.state,
    created_at: world.createdAt,
    updated_at: world.createdAt,
    url: `${origin}/repos/${world.repository}/actions/workflows/${flow.id}`,
    html_url: `${html}/blob/${world.defaultBranch}/${flow.path}`,
    badge_url: `${html}/workflows/${encodeURIComponent(flow.name)}/badge.svg`,
  };
}
