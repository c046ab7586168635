import { afterEach, describe, expect, test } from 'vitest';
import { installFaultHook } from '../../../src/contracts/fault-point.ts';
import type { PatchDecision } from '../../../src/contracts/patch.ts';
import { openPatches } from '../../../src/feedback/feedback-state.ts';
import { rejectPatch } from '../../../src/feedback/reject-patch.ts';
import { routeTo, solverFile } from '../workshop.ts';
import { type GithubShop, type GithubShopOptions, githubShop } from './github-shop.ts';

afterEach(() => installFaultHook(undefined));

/** A shop in which one proposal is open as pull request #1. */
async function openedShop(options: GithubShopOptions = {}): Promise<GithubShop & { id: string }> {
  const shop = await githubShop({ github: '  dashboard: false\n', ...options });
  await shop.drop('recommendation', 'route-a', routeTo('a/b', 'gpt-5'));
  const { failures } = await shop.pass();
  expect(failures).toEqual([]);
  const [pull, ...more] = shop.github.pulls();
  expect(more).toEqual([]);
  return { ...shop, id: pull?.head ?? 'none' };
}

async function decisions(shop: GithubShop) {
  const all = await shop.records<PatchDecision>('patch_decision');
  return all.map(({ decision, decided_by, reason }) => ({ decision, decided_by, reason }));
}

/** What is left on GitHub: number, state, and whether it was merged. */
function pulls(shop: GithubShop) {
  return shop.github.pulls().map(({ number, state, merged }) => [number, state, merged]);
}

async function settled(shop: GithubShop) {
  expect(await shop.pass()).toMatchObject({ failures: [] });
}

/** Two passes later nothing changes any more. */
async function calm(shop: GithubShop) {
  await shop.pass();
  const report = await shop.pass();
  expect(report).toMatchObject({ changed: false, failures: [] });
}

class Died extends Error {}

function dieAt(point: string): void {
  installFaultHook((visited) => {
    if (visited === point) throw new Died(point);
  });
}

describe('passes on GitHub', () => {
  test('record a squash, and a deleted branch as a "no" of whoever deleted it, and take away what is left.', async () => {
    await using shop = await githubShop({ github: '  dashboard: false\n' });
    await shop.drop('recommendation', 'route-a', routeTo('a/b', 'gpt-5'));
    await shop.drop('recommendation', 'route-b', routeTo('a/b', 'gpt-5', { target_persona: 'backend' }));
    await shop.pass();
    await shop.github.people.merge(1, 'squash');
    await shop.github.people.deleteBranch(shop.github.pulls()[1]?.head ?? '', 'grace');
    await calm(shop);
    expect(await decisions(shop)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ decision: 'applied' }),
        expect.objectContaining({ decision: 'rejected', decided_by: 'grace' }),
      ]),
    );
    expect(await shop.branches()).toEqual([]);
    expect(pulls(shop)).toEqual([
      [1, 'closed', true],
      [2, 'closed', false],
    ]);
    expect(shop.github.pulls().map(({ comments }) => comments.length)).toEqual([1, 1]);
  });

  test('record a closing with its reason, and offer the same again when it is opened again.', async () => {
    await using shop = await openedShop();
    const head = await shop.truth.git('rev-parse', shop.id);
    await shop.github.people.close(1, { comment: 'too early @all #1', who: 'grace' });
    await settled(shop);
    expect(await decisions(shop)).toEqual([
      { decision: 'rejected', decided_by: 'grace', reason: 'too early @all #1' },
    ]);
    expect(await shop.branches()).toEqual([]);
    const [comment] = shop.github.pulls()[0]?.comments.filter(({ user }) => user === 'millwright') ?? [];
    expect(comment?.body).toMatch(
      /^Rejected by grace.* too early @\u200ball #\u200b1\..*restore its branch .*millwright:comment -->$/s,
    );

    await shop.truth.git('update-ref', `refs/heads/${shop.id}`, head);
    await shop.github.people.reopen(1);
    await settled(shop);
    expect((await decisions(shop)).map(({ decision }) => decision)).toEqual(['rejected', 'reconsidered']);
    expect(pulls(shop)).toEqual([[1, 'open', false]]);

    await shop.github.people.close(1, { comment: 'no, really' });
    shop.advance(5_000);
    await calm(shop);
    expect((await decisions(shop)).at(-1)).toMatchObject({ decision: 'rejected', reason: 'no, really' });
    expect(pulls(shop)).toEqual([[1, 'closed', false]]);
  });

  test('close what is rejected by command, and what came into the base by other ways.', async () => {
    await using shop = await openedShop();
    await shop.run(async (context) => {
      const [patch] = openPatches(await shop.state());
      if (patch !== undefined) await rejectPatch(context, patch, { by: 'Ada', reason: 'no' });
    });
    expect(pulls(shop)).toEqual([[1, 'closed', false]]);
    await shop.drop('recommendation', 'route-b', routeTo('c/d', 'gpt-5'));
    await shop.pass();
    await shop.sync();
    const branch = (await shop.branches())[0] ?? '';
    await shop.folder.git('cherry-pick', `origin/${branch}`);
    await shop.publish();
    await settled(shop);
    expect((await decisions(shop)).map(({ decision }) => decision)).toEqual(['rejected', 'applied']);
    expect(pulls(shop).map(([, state]) => state)).toEqual(['closed', 'closed']);
    expect(await shop.branches()).toEqual([]);
  });

  test('leave the commits of a person alone, and a moved base makes the others anew.', async () => {
    await using shop = await openedShop();
    await shop.sync();
    await shop.folder.write(solverFile, `${await shop.folder.read(solverFile)}\n# by hand\n`);
    await shop.folder.git('commit', '-q', '-a', '-m', 'By hand');
    await shop.publish();
    expect(await shop.results()).toEqual({ [shop.id]: 'updated' });
    expect(await shop.truth.git('rev-list', '--count', `main..${shop.id}`)).toBe('1');
    await shop.github.people.commitTo(shop.id, 'note.md', 'mine\n');
    expect(await shop.results()).toEqual({ [shop.id]: 'edited-by-human' });
  });

  test('do not loop over what was merged elsewhere, nor over what was merged and taken out again.', async () => {
    await using shop = await openedShop();
    await shop.truth.git('branch', 'release', 'main');
    const pull = shop.github.world.threads.get(1)?.pull;
    Object.assign(pull ?? {}, {
      base: 'release',
      comparedWith: await shop.truth.git('rev-parse', 'release'),
    });
    await shop.github.people.merge(1, 'squash');
    await shop.github.people.deleteBranch(shop.id);
    expect(await shop.results()).toEqual({ [shop.id]: 'unchanged' });
    expect(pulls(shop)).toEqual([[1, 'closed', true]]);
    // The release comes to the base, and is taken out of it.
    await shop.sync();
    await shop.folder.git('fetch', '-q', 'origin');
    await shop.folder.git('merge', '-q', '-m', 'Release', 'origin/release');
    await shop.folder.git('revert', '--no-edit', '-m', '1', 'HEAD');
    await shop.publish();
    await calm(shop);
    expect(await decisions(shop)).toMatchObject([
      { decision: 'rejected', reason: expect.stringContaining('merged into release as #1') },
    ]);
  });

  test('that die on the way leave one pull request to the next, and say once what became of it.', async () => {
    await using shop = await githubShop({ github: '  dashboard: false\n' });
    await shop.drop('recommendation', 'route-a', routeTo('a/b', 'gpt-5'));
    for (const point of ['proposal:branch-moved', 'proposal:page-written']) {
      dieAt(point);
      if (point === 'proposal:branch-moved') await expect(shop.pass()).rejects.toThrow(Died);
      else await shop.pass().catch((error: unknown) => expect(error).toBeInstanceOf(Died));
    }
    installFaultHook(undefined);
    await shop.pass();
    expect(pulls(shop)).toEqual([[1, 'open', false]]);
    await shop.github.people.merge(1, 'rebase');
    dieAt('proposal:decided');
    await expect(shop.pass()).rejects.toThrow(Died);
    installFaultHook(undefined);
    await calm(shop);
    expect(await decisions(shop)).toMatchObject([{ decision: 'applied' }]);
    expect(pulls(shop)).toEqual([[1, 'closed', true]]);
    expect(shop.github.pulls()[0]?.comments).toHaveLength(1);
  });
});
