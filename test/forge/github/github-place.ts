import { openForge } from '../../../src/forge/open-forge.ts';
import { moveHead, readHead, writeProposalCommit } from '../../../src/forge/proposal-branch.ts';
import { RecordIndex } from '../../../src/ledger/record-index.ts';
import type { Workspace } from '../../../src/ledger/workspace.ts';
import type { ForgePlace } from '../suites/forge-suite.ts';
import { type GithubShop, type GithubShopOptions, githubShop } from './github-shop.ts';

export interface GithubPlace extends ForgePlace {
  readonly shop: GithubShop;
  /** Of all workspaces that were opened here. */
  warnings(): string[];
  /** The number of the newest pull request of a branch. */
  number(id: string): number;
}

/** The forge of a workspace on GitHub, each time as a process of its own would open it. */
export async function githubPlace(options: GithubShopOptions = {}): Promise<GithubPlace> {
  const shop = await githubShop(options);
  const opened: Workspace[] = [];
  const open = async () => {
    const workspace = await shop.openWorkspace();
    opened.push(workspace);
    return workspace;
  };
  const number = (id: string) => {
    const newest = shop.github.pulls().findLast(({ head }) => head === id);
    if (newest === undefined) throw new Error(`there is no pull request of ${id}`);
    return newest.number;
  };
  return {
    shop,
    number,
    warnings: () => opened.flatMap(({ warnings }) => warnings),
    forge: async () => {
      const workspace = await open();
      return openForge({ workspace, index: new RecordIndex(workspace.cache) });
    },
    branch: async (draft) => {
      const workspace = await open();
      const base = await shop.truth.git('rev-parse', workspace.settings.base_branch);
      const next = await writeProposalCommit(workspace, draft, base);
      await moveHead(workspace, draft.id, await readHead(workspace, draft.id), next);
      return next;
    },
    close: (id, reason) =>
      shop.github.people.close(number(id), reason === undefined ? {} : { comment: reason }),
    advance: shop.advance,
    now: shop.now,
    [Symbol.asyncDispose]: async () => {
      for (const workspace of opened) workspace.close();
      await shop[Symbol.asyncDispose]();
    },
  };
}
