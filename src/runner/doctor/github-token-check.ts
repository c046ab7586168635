import { z } from 'zod';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { GithubTokenSort } from '../../forge/github/client/github-token.ts';
import type { Check } from './check.ts';
import type { GithubDesk } from './github-desk.ts';
import { ok, warning } from './verdicts.ts';

const sorts: Readonly<Record<GithubTokenSort, string>> = {
  installation: 'the token of an App',
  'fine-grained': 'a fine-grained token',
  classic: 'a classic token',
  'user-to-server': "an App's token for a user",
  oauth: 'an OAuth token',
  unknown: 'a token of unknown sort',
};
const SOON_DAYS = 14;
const DAY_MS = 86_400_000;

/** Which sort of token it is, whose, and until when; and what no permission changes about it. */
export async function tokenChecks(desk: GithubDesk): Promise<Check[]> {
  const { token, client, workspace } = desk;
  const login = await loginOf(desk);
  const { tokenExpires, scopes } = client.seen();
  const sort = token.ofWorkflow ? "the workflow's own token" : sorts[token.sort];
  const words = `${sort}${login === undefined ? '' : ` of ${login}`}, from ${token.variable}`;
  const told = scopes === undefined ? '' : `; scopes: ${scopes.join(', ') || 'none'}`;
  return [
    expiryCheck(`${words}${told}`, tokenExpires, workspace.clock.now()),
    ...(token.ofWorkflow ? [ownToken] : []),
  ];
}

/** An App and a workflow are nobody: GitHub refuses to say. */
async function loginOf({ client }: GithubDesk): Promise<string | undefined> {
  const question = {
    route: 'GET /user',
    shape: z.object({ login: z.string() }),
    action: 'ask whose token it is',
  } as const;
  const user = await client.request(question).catch((error: unknown) => {
    if (error instanceof MillwrightError) return undefined;
    throw error;
  });
  return user?.login;
}

function expiryCheck(words: string, expires: string | undefined, now: Date): Check {
  if (expires === undefined) return ok('token', words);
  const left = Math.floor((Date.parse(expires) - now.getTime()) / DAY_MS);
  if (Number.isNaN(left)) return ok('token', `${words}, expires ${expires}`);
  const detail = `${words}, expires in ${left} days`;
  return left >= SOON_DAYS ? ok('token', detail) : warning('token', detail, 'make a new one before');
}

const ownToken = warning(
  'workflow token',
  'what it pushes starts no workflow, the checks of its pull requests wait until a person approves the run, and it cannot change files in .github/workflows',
  'the token of an App has none of these limits: see .github/workflows/README.md',
);
