import { safeAddress } from './safe-address.ts';

/** A host by its two addresses, both without a slash at the end. */
export interface GithubHost {
  readonly apiUrl: string;
  readonly webUrl: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export const githubCom: GithubHost = { apiUrl: 'https://api.github.com', webUrl: 'https://github.com' };

/**
 * The host that the environment names (`GITHUB_API_URL`, with `GITHUB_SERVER_URL` for its pages), or undefined.
 * Throws `github-unsafe-address`.
 */
export function hostOfEnvironment(env: Environment): GithubHost | undefined {
  const api = env.GITHUB_API_URL?.trim() ?? '';
  if (api === '') return undefined;
  const apiUrl = safeAddress(api, 'GITHUB_API_URL');
  const server = env.GITHUB_SERVER_URL?.trim() ?? '';
  const webUrl = server === '' ? pagesOf(apiUrl) : safeAddress(server, 'GITHUB_SERVER_URL');
  return { apiUrl, webUrl };
}

function pagesOf(apiUrl: string): string {
  if (apiUrl === githubCom.apiUrl) return githubCom.webUrl;
  return apiUrl.replace(/\/api\/v3$/, '');
}
