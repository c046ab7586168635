import type { Workspace } from '../../ledger/workspace.ts';
import type { Forge } from '../forge.ts';
import { findGithubRepository } from './client/find-repository.ts';
import { findGithubToken } from './client/find-token.ts';
import { openGithubClient } from './client/open-client.ts';
import { githubForge } from './github-forge.ts';
import { warnOnce } from './warn-once.ts';

/**
 * The GitHub forge of a workspace. The token and the address of the API come from the environment in which the
 * remote is talked to. Throws `github-no-repository`, `github-no-token`, `github-unsafe-address`.
 */
export function openGithubForge(workspace: Workspace): Forge {
  const env = { ...process.env, ...workspace.remote?.env };
  const repository = findGithubRepository(workspace, env);
  const client = openGithubClient({
    repository,
    token: findGithubToken(repository, env),
    clock: workspace.clock,
    cache: workspace.cache,
    budget: workspace.settings.github.requests_per_hour,
    onMoved: (name) =>
      warnOnce(
        workspace,
        `the repository has moved to ${name} on GitHub: give the remote its new address, and github.repository in millwright.yaml where it is set`,
      ),
  });
  return githubForge(workspace, client);
}
