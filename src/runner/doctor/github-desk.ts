import type { Environment } from '../../forge/github/client/api-address.ts';
import { findGithubRepository } from '../../forge/github/client/find-repository.ts';
import { findGithubToken } from '../../forge/github/client/find-token.ts';
import type { GithubClient } from '../../forge/github/client/github-client.ts';
import type { GithubRepository } from '../../forge/github/client/github-repository.ts';
import type { GithubToken } from '../../forge/github/client/github-token.ts';
import { openGithubClient } from '../../forge/github/client/open-client.ts';
import type { Workspace } from '../../ledger/workspace.ts';

/** What the checks of GitHub work with. */
export interface GithubDesk {
  readonly workspace: Workspace;
  readonly client: GithubClient;
  readonly token: GithubToken;
  /** The repository as it was named here, which may not be its name any more. */
  readonly named: GithubRepository;
}

/** Asks nothing yet. Throws `github-no-repository`, `github-no-token`, `github-unsafe-address`. */
export function openGithubDesk(workspace: Workspace, env: Environment): GithubDesk {
  const named = findGithubRepository(workspace, env);
  const token = findGithubToken(named, env);
  const { clock, cache, settings } = workspace;
  const budget = settings.github.requests_per_hour;
  return {
    workspace,
    token,
    named,
    client: openGithubClient({ repository: named, token, clock, cache, budget }),
  };
}
