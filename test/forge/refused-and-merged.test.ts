import { expect, test } from 'vitest';
import { installFaultHook } from '../../src/contracts/fault-point.ts';
import type { PatchDecision } from '../../src/contracts/patch.ts';
import { readFeedbackState } from '../../src/feedback/feedback-state.ts';
import { rejectPatch } from '../../src/feedback/reject-patch.ts';
import { openedWorkshop, solverFile } from './workshop.ts';

test('a refused change that people bring into the base after all is taken for merged.', async () => {
  await using shop = await openedWorkshop();
  const refused = await shop.folder.git('rev-parse', shop.id);
  await shop.run(async (context) => {
    const [patch] = (await readFeedbackState(context.workspace)).patches;
    if (patch !== undefined) await rejectPatch(context, patch, { by: 'Ada', reason: 'not now' });
  });
  await shop.folder.git('checkout', '-q', refused, '--', solverFile);
  await shop.folder.git('commit', '-q', '-a', '-m', 'On second thoughts');
  const merged = await shop.folder.git('rev-parse', 'HEAD');
  expect(Object.values(await shop.results())).toEqual(['merged']);
  const decisions = await shop.records<PatchDecision>('patch_decision');
  expect(decisions.map(({ decision, commit_hash: commit }) => [decision, commit])).toEqual([
    ['rejected', undefined],
    ['reconsidered', undefined],
    ['applied', merged],
  ]);
  expect((await shop.pass()).changed).toBe(false);
});

test('a pass tells what became of a proposal when it tidies up after one that died.', async () => {
  await using shop = await openedWorkshop({ remote: true });
  await shop.folder.git('merge', '-q', '--no-ff', '-m', 'Merge it', shop.named(shop.id));
  await shop.publish();
  installFaultHook((point) => {
    if (point === 'proposal:decided') throw new Error('died');
  });
  await expect(shop.pass()).rejects.toThrow('died');
  installFaultHook(undefined);
  expect(await shop.branches()).toEqual([shop.id]);
  expect(await shop.results()).toEqual({ [shop.id]: 'merged' });
  expect(await shop.branches()).toEqual([]);
  expect((await shop.pass()).changed).toBe(false);
});
