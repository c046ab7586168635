import type { Oid } from '../../git/repository.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import type { Forge, ProposalDraft } from '../forge.ts';
import type { GithubClient } from './client/github-client.ts';
import { openDashboard } from './dashboard/open-dashboard.ts';
import { type Desk, openDesk } from './desk.ts';
import { listProposals } from './list-proposals.ts';
import { mergePull } from './merge-pull.ts';
import { openPull } from './open-pull.ts';
import { pageAddress } from './page-address.ts';
import { settlePull } from './settle-pull.ts';
import { updatePull } from './update-pull.ts';

/**
 * Proposals as pull requests: the head branch is the proposal's id, and it lies in the repository itself. Lives as
 * long as one pass: lists are read once. Nothing is asked before something is wanted.
 *
 * A person says yes by merging in any way, and no by closing. What Millwright must remember about a pull request
 * stands in a hidden note at the end of its body. All else can be edited by people: their words are kept.
 */
export function githubForge(workspace: Workspace, client: GithubClient): Forge {
  const desk = openDesk(workspace, client);
  const address = () => pageAddress(client.repository.webUrl);
  const { ledger_branch: ledger, github } = workspace.settings;
  return {
    name: 'github',
    list: (undecided) => listProposals(desk, undecided),
    open: (draft, head) => openPull(desk, draft, head),
    update: (draft, head) => update(desk, draft, head),
    settle: (id, words) => settlePull(desk, id, words),
    openedSince: (since) => desk.pulls.openedSince(since),
    merge: (id, head) => mergePull(desk, id, head),
    permalink: (commit, path, line) => address().permalink(commit, path, line),
    picture: (path) => address().picture(ledger, path),
    ...(github.dashboard ? { board: openDashboard(desk) } : {}),
  };
}

/** What nobody has opened yet is opened; what is closed stays as it is. */
async function update(desk: Desk, draft: ProposalDraft, head: Oid): Promise<void> {
  if (desk.pulls.known(draft.id) === undefined) await desk.pulls.open();
  const pull = await desk.pulls.find(draft.id);
  if (pull === undefined) return openPull(desk, draft, head);
  if (pull.state === 'open') await updatePull(desk, pull, draft, head);
}
