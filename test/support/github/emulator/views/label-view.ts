import type { World } from '../world.ts';
import { nodeId } from './user-view.ts';

export function labelView(world: World, origin: string, name: string): Record<string, unknown> {
  const label = world.labels.get(name.toLowerCase());
  const id = label?.id ?? 0;
  const shown = label?.name ?? name;
  return {
    id,
    node_id: nodeId('LA', id),
    url: `${origin}/repos/${world.repository}/labels/${encodeURIComponent(shown)}`,
    name: shown,
    color: label?.color ?? 'ededed',
    default: false,
    description: label?.description ?? null,
  };
}
