import type { Patch } from '../../contracts/patch.ts';
import type { Persona } from '../../contracts/persona.ts';
import { routeOf } from '../../personas/apply-deltas.ts';
import type { EffectScope } from './effect-scope.ts';
import { samePersona } from './same-persona.ts';

/**
 * The runs that a merged patch can touch. One that only routes touches those that it routes differently; any other
 * touches all runs of the persona, and so does one whose merge changed more than routes. Pure.
 * @param before the persona before the merge, where this clone knows it
 * @param after the persona as the merge made it, where this clone knows it
 */
export function touchedBy(
  { deltas }: Pick<Patch, 'deltas'>,
  before: Persona | undefined,
  after: Persona | undefined,
): EffectScope {
  const isRoutes = deltas.every(({ op }) => op === 'set_route' || op === 'unset_route');
  if (!isRoutes) return { runs: 'all' };
  return before === undefined || after === undefined ? touchedByWord(deltas, after) : rerouted(before, after);
}

/** Without both versions at hand, what the patch says it routes. */
function touchedByWord(deltas: Patch['deltas'], after: Persona | undefined): EffectScope {
  const named = deltas.flatMap((change) => ('domain' in change ? [change.domain] : []));
  if (!named.includes(null))
    return { runs: 'only', domains: sorted(named.filter((domain) => domain !== null)) };
  const kept = Object.keys(after?.routing.domains ?? {}).filter((domain) => !named.includes(domain));
  return except(kept);
}

function rerouted(before: Persona, after: Persona): EffectScope {
  if (!isSameButRoutes(before, after)) return { runs: 'all' };
  const named = [...Object.keys(before.routing.domains), ...Object.keys(after.routing.domains)];
  const differs = (domain: string | null) => routeOf(before, domain) !== routeOf(after, domain);
  return differs(null)
    ? except(named.filter((domain) => !differs(domain)))
    : { runs: 'only', domains: sorted(named.filter(differs)) };
}

function isSameButRoutes(before: Persona, after: Persona): boolean {
  const { routing, version } = after;
  return samePersona({ ...before, routing, version }, after);
}

function except(domains: readonly string[]): EffectScope {
  return domains.length === 0 ? { runs: 'all' } : { runs: 'except', domains: sorted(domains) };
}

function sorted(domains: readonly string[]): string[] {
  return [...new Set(domains)].sort((a, b) => (a < b ? -1 : 1));
}
