import type { EffectScope } from './effect-scope.ts';

/** A longer name would bury the figures. */
const LONGEST_NAME = 80;

/** Which runs count, to go after "runs": `in a/b`, `in 3 domains`, `outside 2 domains`; undefined for all. Pure. */
export function sayScope(scope: EffectScope): string | undefined {
  if (scope.runs === 'all') return undefined;
  const [only] = scope.domains;
  const where =
    only !== undefined && scope.domains.length === 1 && only.length <= LONGEST_NAME
      ? only
      : `${scope.domains.length} ${scope.domains.length === 1 ? 'domain' : 'domains'}`;
  return `${scope.runs === 'only' ? 'in' : 'outside'} ${where}`;
}
