import type { Answer } from './answer.ts';
import type { World } from './world.ts';

/** What the old name of a renamed repository answers; undefined for every other path. */
export function movedAnswer(world: World, method: string, url: URL): Answer | undefined {
  const [, kind, owner, name, ...rest] = url.pathname.split('/');
  if (kind !== 'repos' || !world.oldNames.has(`${owner}/${name}`)) return undefined;
  if (`${owner}/${name}` === world.repository) return undefined;
  const below = rest.length === 0 ? '' : `/${rest.join('/')}`;
  const location = `${url.origin}/repositories/${world.repositoryId}${below}${url.search}`;
  const message = method === 'GET' ? 'Moved Permanently' : 'Temporary Redirect';
  return {
    status: method === 'GET' ? 301 : 307,
    headers: { location },
    body: {
      message,
      url: location,
      documentation_url:
        'https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects',
    },
  };
}
