import { gitText } from '../git/program.ts';
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
  const { snapshot } = await workspace.log.tip();
  const files = (await snapshot.list(PROPOSALS)).filter(
    (entry) => isRegularFile(entry) && entry.name.endsWith('.md') && entry.name !== 'README.md',
  );
  const pages = await Promise.all(
    files.map(async (entry) => readProposalPage((await snapshot.blob(entry.oid)).toString('utf8'))),
  );
  return pages.filter((page) => page !== undefined);
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
