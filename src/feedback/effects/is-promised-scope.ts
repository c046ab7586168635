import type { Patch } from '../../contracts/patch.ts';
import { pairedArms } from '../paired-arms.ts';
import type { EffectScope } from './effect-scope.ts';
import { isInScope } from './is-in-scope.ts';

/**
 * Whether the promise of a patch is about the runs that it is measured on. Only then can the two be held against each
 * other: 20 points in one domain are not 20 points of all work.
 *
 * A promise from paired arms is about the domains of these pairs, or about all domains without a route of their own
 * where a pair names none. One without pairs is a guess of a model, and is about all runs of the persona. Pure.
 */
export function isPromisedScope({ evidence }: Pick<Patch, 'evidence'>, scope: EffectScope): boolean {
  const paired = pairedArms(evidence).filter(({ arms }) => (arms[0]?.n ?? 0) > 0);
  if (paired.length === 0) return scope.runs === 'all';
  const named = paired.flatMap(({ domain }) => (domain == null ? [] : [domain]));
  const namesAll = named.length === paired.length;
  if (scope.runs === 'only') return namesAll && sameDomains(named, scope.domains);
  return !namesAll && named.every((domain) => isInScope(scope, domain));
}

function sameDomains(one: readonly string[], other: readonly string[]): boolean {
  const [a, b] = [new Set(one), new Set(other)];
  return a.size === b.size && one.every((domain) => b.has(domain));
}
