import { gitText } from '../git/program.ts';
import type { Oid } from '../git/repository.ts';
import { isRegularFile } from '../git/tree.ts';
import { PROPOSALS, proposalPath } from '../ledger/paths.ts';
import type { Workspace } from '../ledger/workspace.ts';
import type { Forge, ForgeProposal, ProposalDraft } from './forge.ts';
import { readProposalPage, writeProposalPage } from './proposal-page.ts';

/**
 * The forge of a workspace without one: pages under `queue/proposals` on the ledger branch.
 * A person says yes by merging the branch, and no by `millwright review reject`, by `state: closed` in the
 * page, or by deleting the branch.
 */
export function localForge(workspace: Workspace): Forge {
  return {
    name: 'local',
    list: () => listPages(workspace),
    open: (draft, head) => writePage(workspace, draft, head, 'Open'),
    update: (draft, head) => writePage(workspace, draft, head, 'Update'),
    settle: async (id) => {
      const path = pagePath(id);
      await workspace.log.transact({ subject: `Settle proposal ${id}` }, async (snapshot) => {
        const there = await snapshot.entry(path);
        return { edits: there === undefined ? [] : [{ remove: path }], value: undefined };
      });
    },
    openedSince: (since) => countOpened(workspace, since),
  };
}

/** Slashes of the id become dots: one flat folder of pages. */
export function pagePath(id: string): string {
  return proposalPath(id.replace(/^millwright\//, '').replaceAll('/', '.'));
}

async function listPages(workspace: Workspace): Promise<ForgeProposal[]> {
  const { commit, snapshot } = await workspace.log.tip();
  const files = (await snapshot.list(PROPOSALS)).filter(
    (entry) => isRegularFile(entry) && entry.name.endsWith('.md') && entry.name !== 'README.md',
  );
  const pages = await Promise.all(
    files.map(async (entry) => {
      const page = readProposalPage((await snapshot.blob(entry.oid)).toString('utf8'));
      // A page under another name is a copy that somebody made: it decides nothing.
      return page !== undefined && pagePath(page.id) === `${PROPOSALS}/${entry.name}` ? page : undefined;
    }),
  );
  return Promise.all(
    pages.flatMap((page) => (page === undefined ? [] : [withCloser(workspace, commit, page)])),
  );
}

/** Whoever changed a closed page last has closed it. */
async function withCloser(
  workspace: Workspace,
  commit: Oid | null,
  page: ForgeProposal,
): Promise<ForgeProposal> {
  if (page.state === 'open' || commit === null) return page;
  const closedBy = await gitText(['log', '-1', '--format=%an <%ae>', commit, '--', pagePath(page.id)], {
    cwd: workspace.root,
  });
  return closedBy === '' ? page : { ...page, closedBy };
}

async function writePage(
  workspace: Workspace,
  draft: ProposalDraft,
  head: string,
  verb: string,
): Promise<void> {
  const path = pagePath(draft.id);
  const now = workspace.clock.now().toISOString();
  await workspace.log.transact(
    { subject: `${verb} proposal ${draft.id}`, body: draft.title },
    async (snapshot) => {
      const before = readProposalPage((await snapshot.text(path)) ?? '');
      // A person may have said no since this was planned.
      if (before?.state === 'closed') return { edits: [], value: undefined };
      return {
        edits: [{ put: path, content: writeProposalPage(draft, head, before?.openedAt ?? now) }],
        value: undefined,
      };
    },
  );
}

/** Pages that were added since then, settled or not: counted from the history of the ledger branch. */
async function countOpened(workspace: Workspace, since: Date): Promise<number> {
  const { commit } = await workspace.log.tip();
  if (commit === null) return 0;
  const range = [
    `--since=${since.toISOString()}`,
    '--diff-filter=A',
    '--name-only',
    '--format=',
    commit,
    '--',
    PROPOSALS,
  ];
  const names = await gitText(['log', ...range], { cwd: workspace.root });
  return new Set(names.split('\n').filter((name) => name.endsWith('.md') && !name.endsWith('/README.md')))
    .size;
}
