import { afterEach, describe, expect, test } from 'vitest';
import { installFaultHook } from '../../src/contracts/fault-point.ts';
import type { PatchDecision } from '../../src/contracts/patch.ts';
import { openPatches, readFeedbackState } from '../../src/feedback/feedback-state.ts';
import { rejectPatch } from '../../src/feedback/reject-patch.ts';
import { openedWorkshop, routeTo, solverFile, type Workshop, workshop } from './workshop.ts';

class Died extends Error {}

/** Dies at the `time`-th visit of a point, and tells whether that ever came. */
function dieAt(point: string, time = 1): { happened: () => boolean } {
  let visits = 0;
  installFaultHook((visited) => {
    if (visited === point) visits += 1;
    if (visited === point && visits === time) throw new Died(point);
  });
  return { happened: () => visits >= time };
}

afterEach(() => installFaultHook(undefined));

/** Runs `work` until it dies at the point, then passes until nothing is left to do. */
async function dieAndGoOn(
  shop: Workshop,
  point: string,
  time: number,
  work: () => Promise<unknown>,
): Promise<void> {
  const death = dieAt(point, time);
  await expect(work()).rejects.toThrow(Died);
  expect(death.happened()).toBe(true);
  installFaultHook(undefined);
  await shop.pass();
  const tip = await shop.ledgerTip();
  expect((await shop.pass()).changed).toBe(false);
  expect(await shop.ledgerTip()).toBe(tip);
}

/** What must be the same however often somebody died on the way. */
async function endState(shop: Workshop) {
  const branches = await shop.branches();
  const decisions = await shop.records<PatchDecision>('patch_decision');
  return {
    patches: (await shop.records('patch')).length,
    recommendations: (await shop.records('recommendation')).length,
    decisions: decisions.map(({ decision, decided_by, reason }) => ({ decision, decided_by, reason })),
    trees: await Promise.all(branches.map((name) => shop.truth.git('rev-parse', `${name}^{tree}:personas`))),
    commits: await Promise.all(
      branches.map((name) => shop.truth.git('rev-list', '--count', `main..${name}`)),
    ),
    pages: await shop.truth.git('ls-tree', '--name-only', 'main', 'queue/proposals/'),
    branches,
    status: await shop.folder.git('status', '--porcelain'),
  };
}

const points = [
  'log:commit-written',
  'log:published',
  'proposal:branch-moved',
  'proposal:page-written',
  'pass:proposals',
];

describe.each([
  ['without a remote', false, points],
  ['with a remote', true, points.filter((point) => point.startsWith('proposal:'))],
])('a pass that dies %s', (_place, remote, visited) => {
  test.each(visited)('at %s, while it opens a proposal, leaves one proposal to the next.', async (point) => {
    await using shop = await workshop({ remote });
    await shop.drop('recommendation', 'route-a', routeTo('a/b', 'gpt-5'));
    await dieAndGoOn(shop, point, 1, shop.pass);
    const state = await endState(shop);
    expect(state).toMatchObject({
      patches: 1,
      recommendations: 1,
      decisions: [],
      commits: ['1'],
      status: '',
    });
    expect(state.branches).toHaveLength(1);
    expect(state.pages.split('\n')).toHaveLength(1);
    expect(Object.values(await shop.results())).toEqual(['unchanged']);
  });
});

describe('a pass that dies', () => {
  test.each(['proposal:branch-moved', 'proposal:page-written'])(
    'at %s, while it makes a proposal anew, leaves one commit on the new base.',
    async (point) => {
      await using shop = await openedWorkshop();
      await shop.folder.write(
        solverFile,
        (await shop.folder.read(solverFile)).replace('active: true', 'active: false'),
      );
      await shop.folder.git('commit', '-q', '-a', '-m', 'On leave');
      await dieAndGoOn(shop, point, 1, shop.pass);
      expect(await endState(shop)).toMatchObject({
        patches: 1,
        branches: [shop.id],
        commits: ['1'],
        decisions: [],
      });
      expect(await shop.folder.git('show', `${shop.id}:${solverFile}`)).toContain('active: false');
      expect(Object.values(await shop.results())).toEqual(['unchanged']);
    },
  );

  test('after it has moved the branch, and meets a base that has changed since, still goes on.', async () => {
    await using shop = await workshop();
    await shop.drop('recommendation', 'route-a', routeTo('a/b', 'gpt-5'));
    dieAt('proposal:branch-moved');
    await expect(shop.pass()).rejects.toThrow(Died);
    installFaultHook(undefined);
    await shop.folder.write(
      solverFile,
      (await shop.folder.read(solverFile)).replace('active: true', 'active: false'),
    );
    await shop.folder.git('commit', '-q', '-a', '-m', 'On leave');
    await shop.pass();
    const { branches, commits, pages } = await endState(shop);
    expect(commits).toEqual(['1']);
    expect(pages.split('\n')).toHaveLength(1);
    expect(await shop.folder.git('show', `${branches[0]}:${solverFile}`)).toContain('active: false');
    expect(Object.values(await shop.results())).toEqual(['unchanged']);
  });

  test('after it has moved the branch, and finds it merged, records the merge.', async () => {
    await using shop = await openedWorkshop();
    await shop.folder.write(
      solverFile,
      (await shop.folder.read(solverFile)).replace('active: true', 'active: false'),
    );
    await shop.folder.git('commit', '-q', '-a', '-m', 'On leave');
    dieAt('proposal:branch-moved');
    await expect(shop.pass()).rejects.toThrow(Died);
    installFaultHook(undefined);
    await shop.folder.git('merge', '-q', '--no-ff', '-m', 'Merge it', shop.id);
    const merged = await shop.folder.git('rev-parse', 'HEAD');
    await shop.pass();
    expect(await shop.records<PatchDecision>('patch_decision')).toEqual([
      expect.objectContaining({ decision: 'applied', commit_hash: merged }),
    ]);
    expect(await shop.branches()).toEqual([]);
  });

  test.each(['proposal:decided', 'log:published'])(
    'at %s, while it records a merge, leaves one decision, no branch and no page.',
    async (point) => {
      await using shop = await openedWorkshop();
      await shop.folder.git('merge', '-q', '--no-ff', '-m', 'Merge it', shop.id);
      await dieAndGoOn(shop, point, 1, shop.pass);
      expect(await endState(shop)).toMatchObject({
        decisions: [{ decision: 'applied', decided_by: 'Test Author <test@example.invalid>' }],
        branches: [],
        pages: '',
        status: '',
      });
    },
  );
});

test.each([
  ['review:rejected', 1],
  ['log:published', 1],
  ['log:published', 2],
])('a review that dies at %s, time %d, has rejected once and for all.', async (point, time) => {
  await using shop = await openedWorkshop();
  const words = { by: 'Ada <ada@example.org>', reason: 'not now' };
  await dieAndGoOn(shop, point, time, () =>
    shop.run(async (context) => {
      const [patch] = openPatches(await readFeedbackState(context.workspace));
      if (patch !== undefined) await rejectPatch(context, patch, words);
    }),
  );
  expect(await endState(shop)).toMatchObject({
    decisions: [{ decision: 'rejected', decided_by: words.by, reason: words.reason }],
    branches: [],
    pages: '',
  });
});
