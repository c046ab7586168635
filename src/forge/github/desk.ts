import { readCodeowners } from '../../git/read-codeowners.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import type { GithubClient } from './client/github-client.ts';
import type { Closing } from './closing.ts';
import { type Pulls, readPulls } from './read-pulls.ts';

/** What the parts of the GitHub forge share in one pass. */
export interface Desk {
  readonly workspace: Workspace;
  readonly client: GithubClient;
  readonly pulls: Pulls;
  /** The CODEOWNERS file of the base branch, as it was when it was first asked for. */
  codeowners(): Promise<string>;
  /** Features that GitHub does not let this token have, as found out in this pass. */
  readonly leftOut: Set<string>;
  /** Logins and teams that cannot be asked for a review. */
  readonly notAsked: Set<string>;
  /** Who closed what and why, by closing: each is asked for once. */
  readonly closings: Map<string, Promise<Closing>>;
}

export function openDesk(workspace: Workspace, client: GithubClient): Desk {
  let codeowners: Promise<string> | undefined;
  return {
    workspace,
    client,
    pulls: readPulls(workspace, client),
    codeowners: () => {
      codeowners ??= workspace.base.tip().then(({ snapshot }) => readCodeowners(snapshot));
      return codeowners;
    },
    leftOut: new Set(),
    notAsked: new Set(),
    closings: new Map(),
  };
}
