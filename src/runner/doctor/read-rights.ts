import type { GithubDesk } from './github-desk.ts';
import { probeRight, type Right } from './probe-right.ts';

export interface GithubRights {
  readonly pulls: Right;
  readonly issues: Right;
  readonly contents: Right;
  /** Undefined where there is no workflow to start. */
  readonly dispatch: Right | undefined;
}

/** No commit has this id, so nothing can be made of it. */
const NO_COMMIT = '0'.repeat(40);

/**
 * Finds out what the token may write, without writing. Each question lacks something without which GitHub does
 * nothing: a pull request from a branch into itself has no commits, an issue needs a title, a branch a commit that
 * exists, a run of a workflow the branch that it is for.
 * @param workflow the number of any workflow
 */
export async function readRights(
  { client }: GithubDesk,
  branch: string,
  workflow: number | undefined,
): Promise<GithubRights> {
  const pulls = await probeRight(client, {
    route: 'POST /repos/{owner}/{repo}/pulls',
    parameters: { title: 'Does this token open pull requests?', head: branch, base: branch },
    action: 'find out whether the token opens pull requests',
  });
  const issues = await probeRight(client, {
    route: 'POST /repos/{owner}/{repo}/issues',
    parameters: {},
    action: 'find out whether the token writes issues',
  });
  const contents = await probeRight(client, {
    route: 'POST /repos/{owner}/{repo}/git/refs',
    parameters: { ref: 'refs/heads/millwright/doctor', sha: NO_COMMIT },
    action: 'find out whether the token writes contents',
  });
  return { pulls, issues, contents, dispatch: await dispatchRight(client, workflow) };
}

async function dispatchRight(
  client: GithubDesk['client'],
  workflow: number | undefined,
): Promise<Right | undefined> {
  if (workflow === undefined) return undefined;
  return probeRight(client, {
    route: 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    parameters: { workflow_id: workflow },
    action: 'find out whether the token starts workflows',
  });
}
