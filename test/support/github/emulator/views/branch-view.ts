import type { World } from '../world.ts';
import { commitView } from './commit-view.ts';

export function branchView(world: World, origin: string, name: string, oid: string): Record<string, unknown> {
  const repo = `${origin}/repos/${world.repository}`;
  const self = `${repo}/branches/${name.split('/').map(encodeURIComponent).join('/')}`;
  const isProtected = name === world.defaultBranch && world.options.requiredChecks === true;
  const contexts = isProtected ? ['validate'] : [];
  return {
    name,
    commit: commitView(world, origin, world.git.facts(oid)),
    _links: { self, html: `${origin}/${world.repository}/tree/${name}` },
    protected: isProtected,
    protection: {
      enabled: isProtected,
      required_status_checks: {
        enforcement_level: isProtected ? 'non_admins' : 'off',
        contexts,
        checks: contexts.map((context) => ({ context, app_id: null })),
      },
    },
    protection_url: `${self}/protection`,
  };
}
