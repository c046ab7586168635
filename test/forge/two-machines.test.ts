import { expect, test } from 'vitest';
import type { PatchDecision } from '../../src/contracts/patch.ts';
import { RecordIndex } from '../../src/ledger/record-index.ts';
import { openWorkspace } from '../../src/ledger/workspace.ts';
import { controllers } from '../../src/runner/controllers.ts';
import { type PassReport, runPass } from '../../src/runner/run-pass.ts';
import { openedWorkshop, routeTo, type Workshop, workshop } from './workshop.ts';

/** Another machine: a clone of its own, in which a pass runs. */
async function otherMachine(shop: Workshop): Promise<() => Promise<PassReport>> {
  const dir = `${shop.folder.dir}-other`;
  await shop.folder.git('clone', '-q', shop.truth.dir, dir);
  return async () => {
    const workspace = await openWorkspace(dir);
    try {
      return await runPass({ workspace, index: new RecordIndex(workspace.cache) }, { controllers });
    } finally {
      workspace.close();
    }
  };
}

test('two machines that pass at the same time open one proposal, and come to rest.', async () => {
  await using shop = await workshop({ remote: true });
  await shop.drop('recommendation', 'route-a', routeTo('a/b', 'gpt-5'));
  await shop.drop('recommendation', 'route-b', routeTo('a/b', 'gpt-5', { target_persona: 'backend' }));
  await shop.folder.git('add', 'queue');
  await shop.folder.git('commit', '-q', '-m', 'Drop');
  await shop.publish();
  const other = await otherMachine(shop);
  const reports = await Promise.all([shop.pass(), other()]);
  expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
  await shop.pass();
  expect(await shop.branches()).toHaveLength(2);
  expect(await shop.records('patch')).toHaveLength(2);
  expect(await shop.records('recommendation')).toHaveLength(2);
  const pages = await shop.truth.git('ls-tree', '--name-only', 'main', 'queue/proposals/');
  expect(pages.split('\n')).toHaveLength(2);
  expect([(await shop.pass()).changed, (await other()).changed]).toEqual([false, false]);
});

test('two machines that see a merge at the same time record it once.', async () => {
  await using shop = await openedWorkshop({ remote: true });
  const other = await otherMachine(shop);
  await shop.folder.git('merge', '-q', '--no-ff', '-m', 'Merge it', shop.named(shop.id));
  await shop.publish();
  const reports = await Promise.all([shop.pass(), other()]);
  expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
  await shop.pass();
  expect(await shop.records<PatchDecision>('patch_decision')).toHaveLength(1);
  expect(await shop.branches()).toEqual([]);
  expect([(await shop.pass()).changed, (await other()).changed]).toEqual([false, false]);
});
