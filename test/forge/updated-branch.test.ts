import { describe, expect, test } from 'vitest';
import type { PatchDecision } from '../../src/contracts/patch.ts';
import { openedWorkshop, solverFile, type Workshop } from './workshop.ts';

type Shop = Workshop & { id: string };

/** The base gets a commit of somebody else's, and then is merged into the proposal, as the button of a forge does it. */
async function update(shop: Shop, edit?: () => Promise<void>, note = 'one\n'): Promise<string> {
  const { folder, id } = shop;
  await shop.sync();
  await folder.write('notes.txt', note);
  await folder.git('add', 'notes.txt');
  await folder.git('commit', '-q', '-m', 'Take a note');
  await shop.publish();
  await folder.git('checkout', '-q', '-B', 'update', shop.named(id));
  await folder.git('merge', '-q', '--no-ff', '--no-commit', 'main');
  await edit?.();
  await folder.git('commit', '-q', '-a', '-m', `Merge branch 'main' into ${id}`);
  const head = await folder.git('rev-parse', 'HEAD');
  if (shop.truth === shop.folder) await folder.git('branch', '-f', id);
  await shop.publish(`HEAD:refs/heads/${id}`);
  await folder.git('checkout', '-q', 'main');
  return head;
}

const headOf = ({ truth, id }: Shop) => truth.git('rev-parse', id);

describe.each([
  ['with a remote', true],
  ['without a remote', false],
])('a proposal into which the base was merged, %s,', (_place, remote) => {
  test("stays Millwright's own, keeps its commits, and is tidied away when it is merged.", async () => {
    await using shop = await openedWorkshop({ remote });
    const first = await update(shop);
    expect(await shop.results()).toEqual({ [shop.id]: 'updated' });
    expect(await shop.results()).toEqual({ [shop.id]: 'unchanged' });
    expect(await headOf(shop)).toBe(first);
    const second = await update(shop, undefined, 'two\n');
    await shop.folder.git('merge', '-q', '--squash', 'update');
    await shop.folder.git('commit', '-q', '-m', 'Squash it');
    expect(await headOf(shop)).toBe(second);
    await shop.publish();
    await shop.pass();
    expect(await shop.records<PatchDecision>('patch_decision')).toMatchObject([{ decision: 'applied' }]);
    expect(await shop.branches()).toEqual([]);
    expect(shop.warnings).toEqual([]);
  });
});

describe('a proposal into which the base was merged', () => {
  test('is made anew when the base changes its file afterwards.', async () => {
    await using shop = await openedWorkshop({ remote: true });
    const head = await update(shop);
    const text = await shop.folder.read(solverFile);
    await shop.folder.write(solverFile, `${text}# a remark\n`);
    await shop.folder.git('commit', '-q', '-a', '-m', 'Remark');
    await shop.publish();
    expect(await shop.results()).toEqual({ [shop.id]: 'updated' });
    expect(await headOf(shop)).not.toBe(head);
    expect(await shop.truth.git('show', `${shop.id}:${solverFile}`)).toContain('# a remark');
  });

  test.each<readonly [string, (shop: Shop) => Promise<void>]>([
    ['changes its file', (shop) => shop.folder.write(solverFile, 'id: solver\n')],
    ['takes its change back', async ({ folder }) => void (await folder.git('checkout', 'main', solverFile))],
    ['changes a file of the base', (shop) => shop.folder.write('notes.txt', 'mine\n')],
    [
      'adds a file',
      async ({ folder }) => {
        await folder.write('more.txt', 'mine\n');
        await folder.git('add', 'more.txt');
      },
    ],
  ])("is a person's when the merge %s.", async (_what, edit) => {
    await using shop = await openedWorkshop({ remote: true });
    const head = await update(shop, () => edit(shop));
    expect(await shop.results()).toEqual({ [shop.id]: 'edited-by-human' });
    expect(await headOf(shop)).toBe(head);
  });

  test("is a person's when something else than the base was merged, or a commit stands below the merge.", async () => {
    await using shop = await openedWorkshop({ remote: true });
    await shop.folder.git('checkout', '-q', '-B', 'other', 'main');
    await shop.folder.git('commit', '-q', '--allow-empty', '-m', 'Not in the base');
    await shop.folder.git('checkout', '-q', '-B', 'update', shop.named(shop.id));
    await shop.folder.git('merge', '-q', '--no-ff', '-m', 'Merge other', 'other');
    await shop.publish(`HEAD:refs/heads/${shop.id}`);
    await shop.folder.git('checkout', '-q', 'main');
    expect(await shop.results()).toEqual({ [shop.id]: 'edited-by-human' });
    await shop.folder.git('commit', '-q', '--allow-empty', '-m', 'In the base');
    await shop.publish();
    await shop.folder.git('checkout', '-q', '-B', 'update', `${shop.named(shop.id)}^1`);
    await shop.folder.git('commit', '-q', '--allow-empty', '-m', 'Of a person');
    await shop.folder.git('merge', '-q', '--no-ff', '-m', 'Merge main', 'main');
    await shop.publish(`+HEAD:refs/heads/${shop.id}`);
    await shop.folder.git('checkout', '-q', 'main');
    expect(await shop.results()).toEqual({ [shop.id]: 'edited-by-human' });
  });
});
