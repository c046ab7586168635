import { describe, expect, test } from 'vitest';
import type { PatchDecision } from '../../src/contracts/patch.ts';
import { mergeProposal } from '../../src/forge/merge-proposal.ts';
import { openedWorkshop, routeTo, solverFile, type Workshop, workshop } from './workshop.ts';

type Shop = Workshop & { id: string };

const merge = (shop: Shop) =>
  shop.run(({ workspace }) => mergeProposal(workspace, shop.id, 'A title', 'Ada <ada@example.org>'));

async function commit(shop: Shop, edit: (text: string) => string, message = 'A change'): Promise<string> {
  await shop.folder.write(solverFile, edit(await shop.folder.read(solverFile)));
  await shop.folder.git('commit', '-q', '-m', message, '--', solverFile);
  return shop.folder.git('rev-parse', 'HEAD');
}

describe('a merged proposal', () => {
  test('is told by the commit that brought it in, not by the newest one that touches the file.', async () => {
    await using shop = await openedWorkshop();
    await shop.folder.git('merge', '-q', '--squash', shop.id);
    await shop.folder.git('commit', '-q', '-m', 'Squash it');
    const squash = await shop.folder.git('rev-parse', 'HEAD');
    await shop.folder.git('config', 'user.name', 'Somebody Else');
    await commit(shop, (text) => text.replace('active: true', 'active: false'));
    await commit(shop, (text) => text.replace('tier: sub', 'tier: brain'));
    await shop.pass();
    expect(await shop.records<PatchDecision>('patch_decision')).toEqual([
      expect.objectContaining({
        commit_hash: squash,
        decided_by: 'Test Author <test@example.invalid>',
      }),
    ]);
  });

  test('counts as applied when its merge was taken back before a pass saw it: it is not offered again.', async () => {
    await using shop = await openedWorkshop();
    await shop.folder.git('merge', '-q', '--no-ff', '-m', 'Merge it', shop.id);
    const merged = await shop.folder.git('rev-parse', 'HEAD');
    await shop.folder.git('revert', '--no-edit', '-m', '1', 'HEAD');
    await shop.pass();
    expect(await shop.records<PatchDecision>('patch_decision')).toEqual([
      expect.objectContaining({ decision: 'applied', commit_hash: merged }),
    ]);
    expect(await shop.branches()).toEqual([]);
    expect((await shop.pass()).changed).toBe(false);
  });

  test('is recognised with further commits of a person on its branch.', async () => {
    await using shop = await openedWorkshop();
    await shop.folder.git('switch', '-q', shop.id);
    await commit(shop, (text) => text.replace('a/b: gpt-5', 'a/b: gpt-5-pro'), 'A better model');
    await shop.folder.git('switch', '-q', 'main');
    await shop.folder.git('merge', '-q', '--no-ff', '-m', 'Merge both', shop.id);
    const merged = await shop.folder.git('rev-parse', 'HEAD');
    await shop.pass();
    expect(await shop.records<PatchDecision>('patch_decision')).toEqual([
      expect.objectContaining({ decision: 'applied', commit_hash: merged }),
    ]);
    expect(await shop.branches()).toEqual([]);
  });

  test('is recognised after the person has deleted the branch as well.', async () => {
    await using shop = await openedWorkshop({ remote: true });
    await shop.folder.git('merge', '-q', '--squash', shop.named(shop.id));
    await shop.folder.git('commit', '-q', '-m', 'Squash it');
    await shop.publish('main', `:${shop.id}`);
    await shop.pass();
    expect(await shop.records<PatchDecision>('patch_decision')).toEqual([
      expect.objectContaining({ decision: 'applied' }),
    ]);
  });
});

test('a proposal of which a person has done a part by hand is made anew with the rest.', async () => {
  await using shop = await workshop();
  const removals = ['solver-narrow-diff', 'solver-ask-history'].map((id) => ({
    op: 'remove_bullet',
    id,
    why: 'It kept people from fixing the cause.',
  }));
  await shop.drop(
    'recommendation',
    'two',
    routeTo(null, 'x', { recommendation_type: 'retire_bullet', suggested_change: { deltas: removals } }),
  );
  await shop.pass();
  const [id = ''] = await shop.branches();
  const lines = (text: string) => text.split('\n');
  await commit({ ...shop, id }, (text) => {
    const start = lines(text).findIndex((line) => line.includes('id: solver-narrow-diff'));
    const end = lines(text).findIndex((line, at) => at > start && line.startsWith('  - id:'));
    return lines(text)
      .toSpliced(start, end - start)
      .join('\n');
  });
  await shop.pass();
  expect(await shop.results()).toEqual({ [id]: 'unchanged' });
  const diff = await shop.folder.git('diff', '--unified=0', 'main', id, '--', solverFile);
  expect(diff).toContain('-  - id: solver-ask-history');
  await merge({ ...shop, id });
  await shop.pass();
  expect(await shop.records<PatchDecision>('patch_decision')).toEqual([
    expect.objectContaining({ decision: 'applied' }),
  ]);
});

describe('merging by review', () => {
  test('changes nothing when the base has changed the same file, and says what helps.', async () => {
    await using shop = await openedWorkshop();
    await commit(shop, (text) => text.replace('active: true', 'active: false'));
    const before = [await shop.ledgerTip(), await shop.folder.git('rev-parse', shop.id)];
    await expect(merge(shop)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(solverFile),
      data: { id: shop.id, path: solverFile },
    });
    expect([await shop.ledgerTip(), await shop.folder.git('rev-parse', shop.id)]).toEqual(before);
    expect(await shop.folder.git('status', '--porcelain')).toBe('');
    // As the hint says, a pass makes it anew, and then it merges.
    await shop.pass();
    await merge(shop);
    expect(await shop.folder.read(solverFile)).toContain('active: false');
    expect(await shop.folder.read(solverFile)).toContain('a/b: gpt-5');
  });

  test('keeps what the base changed elsewhere, and what the person has not committed.', async () => {
    await using shop = await openedWorkshop();
    await shop.folder.write('docs/new.md', 'new\n');
    await shop.folder.git('add', 'docs');
    await shop.folder.git('commit', '-q', '-m', 'Write');
    await shop.folder.write('personas/backend.yaml', 'being written\n');
    await merge(shop);
    expect(await shop.folder.read('docs/new.md')).toBe('new\n');
    expect(await shop.folder.read(solverFile)).toContain('a/b: gpt-5');
    expect(await shop.folder.git('status', '--porcelain')).toBe('M personas/backend.yaml');
  });

  test('brings in files that a person has added on the branch.', async () => {
    await using shop = await openedWorkshop();
    await shop.folder.git('switch', '-q', shop.id);
    await shop.folder.write('docs/why.md', 'because\n');
    await shop.folder.git('add', 'docs');
    await shop.folder.git('rm', '-q', 'personas/backend.yaml');
    await shop.folder.git('commit', '-q', '-m', 'Explain');
    await shop.folder.git('switch', '-q', 'main');
    await merge(shop);
    expect(await shop.folder.git('ls-tree', '-r', '--name-only', 'main', 'docs', 'personas')).toBe(
      `docs/why.md\n${solverFile}`,
    );
  });

  test('does nothing the second time.', async () => {
    await using shop = await openedWorkshop();
    expect(await merge(shop)).toMatch(/^[0-9a-f]{40}$/);
    const tip = await shop.ledgerTip();
    expect(await merge(shop)).toBeNull();
    expect(await shop.ledgerTip()).toBe(tip);
  });

  test('says so when there is no such branch.', async () => {
    await using shop = await workshop();
    const id = 'millwright/persona-solver/nowhere';
    await expect(merge({ ...shop, id })).rejects.toMatchObject({ code: 'no-proposal' });
  });
});
