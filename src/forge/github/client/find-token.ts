import { MillwrightError } from '../../../contracts/millwright-error.ts';
import { type Environment, githubCom } from './api-address.ts';
import type { GithubRepository } from './github-repository.ts';
import type { GithubToken, GithubTokenSort } from './github-token.ts';
import { isLoopbackHost } from './is-loopback-host.ts';

const variables = ['MILLWRIGHT_GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN'] as const;

/**
 * The token for the API of a repository: the first of `MILLWRIGHT_GITHUB_TOKEN`, `GH_TOKEN` and `GITHUB_TOKEN` that
 * is set and meant for that host. The last two are github.com's: another host gets them only where the workflow
 * that it runs has set them, or on this machine. Throws `github-no-token`.
 */
export function findGithubToken({ apiUrl }: Pick<GithubRepository, 'apiUrl'>, env: Environment): GithubToken {
  const set = variables.filter((variable) => textOf(env, variable) !== '');
  const variable = set.find((name) => name === 'MILLWRIGHT_GITHUB_TOKEN' || isMeantFor(apiUrl, env));
  if (variable === undefined) throw noToken(apiUrl, set[0]);
  const value = textOf(env, variable);
  // A header cannot carry anything else, and an error about the header would show it.
  if (!/^[\x21-\x7e]+$/.test(value)) throw noTokenIn(variable);
  const sort = sortOf(value);
  return { reveal: () => value, variable, sort, ofWorkflow: isOfWorkflow(env, variable, value, sort) };
}

function textOf(env: Environment, variable: string): string {
  return env[variable]?.trim() ?? '';
}

function isMeantFor(apiUrl: string, env: Environment): boolean {
  if (apiUrl === githubCom.apiUrl) return true;
  if (isLoopbackHost(new URL(apiUrl).hostname)) return true;
  const named = env.GITHUB_API_URL?.trim().replace(/\/+$/, '');
  return env.GITHUB_ACTIONS === 'true' && named === apiUrl;
}

const prefixes: readonly (readonly [string, GithubTokenSort])[] = [
  ['ghs_', 'installation'],
  ['github_pat_', 'fine-grained'],
  ['ghp_', 'classic'],
  ['ghu_', 'user-to-server'],
  ['gho_', 'oauth'],
];

function sortOf(value: string): GithubTokenSort {
  return prefixes.find(([prefix]) => value.startsWith(prefix))?.[1] ?? 'unknown';
}

/** By its look it is like the token of an App; what tells it apart is where it stands. */
function isOfWorkflow(
  env: Environment,
  variable: GithubToken['variable'],
  value: string,
  sort: GithubTokenSort,
): boolean {
  if (env.GITHUB_ACTIONS !== 'true' || (sort !== 'installation' && sort !== 'unknown')) return false;
  return variable === 'GITHUB_TOKEN' || value === textOf(env, 'GITHUB_TOKEN');
}

function noToken(apiUrl: string, other: string | undefined): MillwrightError {
  const { host } = new URL(apiUrl);
  const message =
    other === undefined
      ? `set MILLWRIGHT_GITHUB_TOKEN, GH_TOKEN or GITHUB_TOKEN to a token for ${host}`
      : `set MILLWRIGHT_GITHUB_TOKEN to a token for ${host}: ${other} is for github.com and is not sent there`;
  return new MillwrightError('github-no-token', message, {
    hint: 'a fine-grained token needs "Contents" and "Pull requests", read and write; in a workflow pass github.token as GITHUB_TOKEN',
    data: { host },
  });
}

function noTokenIn(variable: string): MillwrightError {
  return new MillwrightError(
    'github-no-token',
    `${variable} holds no token: a token has neither blanks nor line ends`,
    {
      hint: `set ${variable} to the token alone`,
    },
  );
}
