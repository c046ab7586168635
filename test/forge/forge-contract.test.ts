import { systemClock } from '../../src/contracts/clock.ts';
import type { ProposalDraft } from '../../src/forge/forge.ts';
import { localForge, pagePath } from '../../src/forge/local-forge.ts';
import { moveHead, readHead, writeProposalCommit } from '../../src/forge/proposal-branch.ts';
import { openWorkspace, type Workspace } from '../../src/ledger/workspace.ts';
import { bareRemote, gitFolder } from '../support/git-folder.ts';
import { validatingMock } from '../support/github/validating-mock.ts';
import { githubPlace } from './github/github-place.ts';
import { type ForgePlace, forgeSuite } from './suites/forge-suite.ts';

/** Pages on the ledger branch; a person closes one by editing it. */
async function localPlace(settings: string, withRemote: boolean): Promise<ForgePlace> {
  const folder = await gitFolder({ 'millwright.yaml': settings });
  const remote = withRemote ? await bareRemote() : undefined;
  if (remote !== undefined) {
    await folder.git('remote', 'add', 'origin', remote.dir);
    await folder.git('push', '-q', 'origin', 'main');
  }
  const ledger = settings.split(': ')[1]?.trim() ?? 'main';
  let ahead = 0;
  const clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + ahead) };
  const workspaces: Workspace[] = [];
  const open = async () => {
    const workspace = await openWorkspace(folder.dir, { clock });
    workspaces.push(workspace);
    return workspace;
  };
  return {
    forge: async () => localForge(await open()),
    now: () => clock.now(),
    advance: (ms) => {
      ahead += ms;
    },
    branch: async (draft: ProposalDraft) => {
      const workspace = await open();
      const base = await folder.git('rev-parse', 'main');
      const next = await writeProposalCommit(workspace, draft, base);
      await moveHead(workspace, draft.id, await readHead(workspace, draft.id), next);
      return next;
    },
    close: async (id, reason) => {
      const beside = `${folder.dir}-ledger`;
      const place = ledger === 'main' ? folder.dir : beside;
      if (place === beside) await folder.git('worktree', 'add', '-q', beside, ledger);
      const inside = (path: string) => (place === beside ? `../work-ledger/${path}` : path);
      const page = await folder.read(inside(pagePath(id)));
      const lines = reason === undefined ? 'state: closed' : `state: closed\nreason: ${reason}`;
      await folder.write(inside(pagePath(id)), page.replace('state: open', lines));
      await folder.git('-C', place, 'commit', '-q', '-a', '-m', 'No');
      if (remote !== undefined) await folder.git('push', '-q', 'origin', ledger);
    },
    [Symbol.asyncDispose]: async () => {
      for (const workspace of workspaces) workspace.close();
      await folder[Symbol.asyncDispose]();
      await remote?.[Symbol.asyncDispose]();
    },
  };
}

forgeSuite('of a workspace without a remote', () => localPlace('', false));
forgeSuite('of a workspace with a remote and a ledger branch of its own', () =>
  localPlace('ledger_branch: millwright/ledger\n', true),
);
/** Every request and every answer is held against the official description of the API. */
async function describedPlace(): Promise<ForgePlace> {
  const place = await githubPlace({ inFront: (upstream) => validatingMock({ upstream }) });
  // In lists of pull requests the description knows no label without words about it.
  const label = { id: 1, name: 'millwright', color: 'ededed', description: 'Proposed by Millwright' };
  place.shop.github.world.labels.set(label.name, label);
  return place;
}

forgeSuite('on GitHub', describedPlace);
