import { z } from 'zod';
import type { GithubRepository } from './github-repository.ts';
import { ownerAndName } from './remote-address.ts';
import type { RawAnswer } from './timed-fetch.ts';

const named = z.object({ full_name: z.string() });

/**
 * The repository under the name that it has now, from the address to which GitHub has led a question about it:
 * `/repositories/<number>/...`, or the new name itself. Undefined when it has not moved, or when nobody says where.
 * @param ask reads one address
 */
export async function learnNewName(
  repository: GithubRepository,
  location: URL,
  ask: (address: string) => Promise<RawAnswer>,
): Promise<GithubRepository | undefined> {
  const { apiUrl } = repository;
  const [, number, path] =
    /\/(?:repositories\/(\d{1,18})|repos\/([^/]+\/[^/]+))(?:\/|$)/.exec(location.pathname) ?? [];
  const found = number === undefined ? path : await readName(await ask(`${apiUrl}/repositories/${number}`));
  const names = ownerAndName(found ?? '');
  if (names === undefined || (names.owner === repository.owner && names.name === repository.name))
    return undefined;
  const server = repository.webUrl.slice(0, -`/${repository.owner}/${repository.name}`.length);
  return { ...names, apiUrl, webUrl: `${server}/${names.owner}/${names.name}` };
}

async function readName({ status, text }: RawAnswer): Promise<string | undefined> {
  if (status !== 200) return undefined;
  try {
    return named.parse(JSON.parse(text)).full_name;
  } catch {
    return undefined;
  }
}
