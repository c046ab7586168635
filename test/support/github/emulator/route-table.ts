import type { Route } from './call.ts';
import type { World } from './world.ts';

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
}

export interface RouteTable {
  /** @param path without the query. @returns the route of this method and path */
  find(method: string, path: string): Match | undefined;
}

/** Routes in order; below the repository, which also answers to its number. */
export function routeTable(world: World, routes: readonly Route[]): RouteTable {
  const compiled = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  return {
    find: (method, path) => {
      // Clients may write a slash inside of a name either way.
      const short = shortPath(world, path.replaceAll(/%2f/gi, '/'));
      return short === undefined ? undefined : matchOf(compiled, method, short);
    },
  };
}

/** The path below the repository, or with two slashes what is outside of it. */
function shortPath(world: World, path: string): string | undefined {
  const [, kind, owner = '', name = ''] = path.split('/');
  if (kind === 'repositories')
    return owner === String(world.repositoryId) ? path.replace(/^\/repositories\/[^/]+/, '') : undefined;
  if (kind !== 'repos') return `/${path}`;
  // GitHub does not care how the letters of a name are written.
  const isHere = `${owner}/${name}`.toLowerCase() === world.repository.toLowerCase();
  return isHere ? path.replace(/^\/repos\/[^/]+\/[^/]+/, '') : undefined;
}

function patternOf(path: string): RegExp {
  const source = path.replace(/\{(\w+)\.\.\.\}/g, '(?<$1>.+)').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^${source}$`);
}

function matchOf(compiled: readonly Compiled[], method: string, path: string): Match | undefined {
  for (const { route, pattern } of compiled) {
    const match = route.method === method ? pattern.exec(path) : null;
    if (match !== null) return { route, params: decoded(match.groups ?? {}) };
  }
  return undefined;
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, part]) => [name, decodeURIComponent(part)]));
}
