import { expect, test } from 'vitest';
import { openWorkspace, type Workspace } from '../../src/ledger/workspace.ts';
import { steadyWorkspace } from '../../src/runner/steady-workspace.ts';
import { bareRemote, type GitFolder, gitFolder } from '../support/git-folder.ts';

interface Place extends AsyncDisposable {
  readonly remote: GitFolder;
  readonly workspace: Workspace;
}

async function place(): Promise<Place> {
  const folder = await gitFolder({ 'millwright.yaml': '' });
  const remote = await bareRemote();
  await folder.git('remote', 'add', 'origin', remote.dir);
  await folder.git('push', '-q', 'origin', 'main');
  const workspace = await openWorkspace(folder.dir);
  const dispose = async () => {
    workspace.close();
    await folder[Symbol.asyncDispose]();
    await remote[Symbol.asyncDispose]();
  };
  return { remote, workspace, [Symbol.asyncDispose]: dispose };
}

/** A commit by somebody else, straight into the remote. */
async function commitThere(remote: GitFolder): Promise<string> {
  const next = await remote.git('commit-tree', '-p', 'main', '-m', 'Elsewhere', 'main^{tree}');
  await remote.git('update-ref', 'refs/heads/main', next);
  return next;
}

test('The tip is asked for once, until somebody looks again or writes.', async () => {
  await using at = await place();
  const { workspace, lookAgain } = steadyWorkspace(at.workspace);
  const first = await workspace.log.tip();
  const second = await commitThere(at.remote);
  expect(await workspace.log.tip()).toBe(first);
  lookAgain();
  expect((await workspace.log.tip()).commit).toBe(second);
  const third = await commitThere(at.remote);
  const edits = [{ put: 'a.txt', content: 'a' }];
  const done = await workspace.log.transact({ subject: 'Add a' }, async () => ({ edits, value: 1 }));
  expect((await workspace.log.tip()).commit).toBe(done.commit);
  expect(await at.remote.git('rev-parse', `${done.commit}^`)).toBe(third);
});

test('One branch for everything stays one log, and the next pass gets the same workspace, looking anew.', async () => {
  await using at = await place();
  const { workspace } = steadyWorkspace(at.workspace);
  expect(workspace.base).toBe(workspace.log);
  await workspace.log.tip();
  const next = await commitThere(at.remote);
  const again = steadyWorkspace(at.workspace);
  expect(again.workspace).toBe(workspace);
  expect((await again.workspace.log.tip()).commit).toBe(next);
});

test('A look that failed is not remembered.', async () => {
  await using at = await place();
  const { workspace } = steadyWorkspace(at.workspace);
  await at.remote.git('update-ref', '-d', 'refs/heads/main');
  await expect(workspace.log.tip()).rejects.toMatchObject({ code: 'branch-gone' });
  await at.remote.git('update-ref', 'refs/heads/main', (await at.workspace.store.read('HEAD'))?.oid ?? '');
  expect((await workspace.log.tip()).commit).not.toBeNull();
});
