import type { EffectScope } from './effect-scope.ts';

/** Whether a patch can touch work in this domain; null is work without one. Pure. */
export function isInScope(scope: EffectScope, domain: string | null): boolean {
  if (scope.runs === 'all') return true;
  const isNamed = domain !== null && scope.domains.includes(domain);
  return scope.runs === 'only' ? isNamed : !isNamed;
}
