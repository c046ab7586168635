import { describe, expect, test } from 'vitest';
import type { PatchDecision } from '../../src/contracts/patch.ts';
import { openPatches, readFeedbackState } from '../../src/feedback/feedback-state.ts';
import { recommendationStatuses } from '../../src/feedback/recommendation-status.ts';
import { rejectPatch } from '../../src/feedback/reject-patch.ts';
import { pagePath } from '../../src/forge/local-forge.ts';
import { openedWorkshop, routeTo, type Workshop } from './workshop.ts';

type Shop = Workshop & { id: string };

const reason = 'too expensive: see the budget of 2026 # and more';
const words = { by: 'Ada <ada@example.org>', reason };

function reject(shop: Shop): Promise<void> {
  return shop.run(async (context) => {
    const [patch] = openPatches(await readFeedbackState(context.workspace));
    if (patch === undefined) throw new Error('there is no open patch');
    await rejectPatch(context, patch, words);
  });
}

/** Rewrites the page of the proposal as a person would, and commits it. */
async function editPage(shop: Shop, edit: (page: string) => string): Promise<void> {
  const path = pagePath(shop.id);
  await shop.folder.write(path, edit(await shop.folder.read(path)));
  await shop.folder.git('commit', '-q', '-m', 'Decide', '--', path);
  await shop.publish();
}

function closePage(lines: string) {
  return (shop: Shop) => editPage(shop, (page) => page.replace('state: open\n', `${lines}\n`));
}

const said = { decided_by: 'Test Author <test@example.invalid>' };

/** Ways in which a person says no, and what is remembered of them. */
const ways: Readonly<Record<string, { close: (shop: Shop) => Promise<unknown>; remembered: object }>> = {
  'by review': { close: reject, remembered: { decided_by: words.by, reason } },
  'in its page': {
    close: closePage('state: closed\nreason: not now'),
    remembered: { ...said, reason: 'not now' },
  },
  'in its page with a reason that is no valid YAML': {
    close: closePage(`state: closed\nreason: ${reason}`),
    remembered: { ...said, reason },
  },
  'in its page in other words, with an empty reason': {
    close: closePage('state: Rejected\nreason:'),
    remembered: { ...said, reason: 'closed without a reason' },
  },
  'in its page with CRLF line ends': {
    close: (shop) =>
      editPage(shop, (page) =>
        page.replace('state: open\n', 'state: closed\nreason: 42\n').replaceAll('\n', '\r\n'),
      ),
    remembered: { ...said, reason: '42' },
  },
  'by deleting its branch': {
    close: (shop) => shop.folder.git('branch', '-D', shop.id),
    remembered: { decided_by: 'a person', reason: 'its branch was deleted' },
  },
  'by deleting its branch on the server': {
    close: (shop) => shop.folder.git('push', '-q', 'origin', '--delete', shop.id),
    remembered: { decided_by: 'a person', reason: 'its branch was deleted' },
  },
};

describe('a proposal that a person closes', () => {
  test.each(Object.keys(ways))('%s is remembered with its reason, and not offered again.', async (how) => {
    await using shop = await openedWorkshop({ remote: how.endsWith('server') });
    await ways[how]?.close(shop);
    await shop.pass();
    expect(await shop.records<PatchDecision>('patch_decision')).toEqual([
      expect.objectContaining({ decision: 'rejected', proposal_id: shop.id, ...ways[how]?.remembered }),
    ]);
    expect(await shop.branches()).toEqual([]);
    expect(await shop.truth.git('ls-tree', '--name-only', 'main', 'queue/proposals/')).toBe('');
    // The same change comes back with new evidence, under a new name.
    await shop.drop(
      'recommendation',
      'again',
      routeTo('a/b', 'gpt-5', { evidence: [{ statement: 'It was seen once more.', wins: 40, losses: 1 }] }),
    );
    await shop.pass();
    expect(await shop.branches()).toEqual([]);
    expect(await shop.records('patch')).toHaveLength(1);
    const statuses = recommendationStatuses(await shop.state());
    expect([...statuses.values()]).toEqual(['rejected', 'rejected']);
    expect((await shop.pass()).changed).toBe(false);
  });

  test('does not keep another change of the same persona from being offered.', async () => {
    await using shop = await openedWorkshop();
    await reject(shop);
    await shop.drop('recommendation', 'again', routeTo('a/b', 'gpt-5', { title: 'once more' }));
    await shop.drop('recommendation', 'other', routeTo('c/d', 'gpt-5'));
    await shop.pass();
    const [, second] = (await shop.state()).patches;
    expect(second?.deltas).toEqual([{ op: 'set_route', domain: 'c/d', model: 'gpt-5' }]);
    expect(await shop.branches()).toHaveLength(1);
  });

  test('stays open when its page only looks different.', async () => {
    await using shop = await openedWorkshop();
    for (const lines of ['state: open\nlabel: mine', 'state: Open', 'state: approved', 'state: merged?']) {
      await editPage(shop, (page) => page.replace(/^state: .*(?:\nlabel: mine)?$/m, lines));
      expect(await shop.results()).toEqual({ [shop.id]: 'unchanged' });
    }
    expect(await shop.records('patch_decision')).toEqual([]);
  });

  test('is refused only once: a second reviewer is told that it is decided.', async () => {
    await using shop = await openedWorkshop();
    await shop.run(async (context) => {
      const [patch] = openPatches(await readFeedbackState(context.workspace));
      if (patch === undefined) throw new Error('there is no open patch');
      await rejectPatch(context, patch, words);
      await expect(rejectPatch(context, patch, { by: 'Bob', reason: 'me too' })).rejects.toMatchObject({
        code: 'decided',
      });
    });
    expect(await shop.records<PatchDecision>('patch_decision')).toEqual([
      expect.objectContaining({ decided_by: words.by }),
    ]);
  });

  test('keeps the branch when somebody has worked on it: their commits are not thrown away.', async () => {
    await using shop = await openedWorkshop();
    await shop.folder.git('switch', '-q', shop.id);
    await shop.folder.write('personas/backend.yaml', 'work in progress\n');
    await shop.folder.git('commit', '-q', '-a', '-m', 'My own work');
    const mine = await shop.folder.git('rev-parse', 'HEAD');
    await shop.folder.git('switch', '-q', 'main');
    await reject(shop);
    expect(await shop.folder.git('rev-parse', shop.id)).toBe(mine);
    expect(shop.warnings).toEqual([
      `branch ${shop.id} was left alone: it has commits that Millwright did not make`,
    ]);
    expect((await shop.pass()).changed).toBe(false);
    expect(await shop.folder.git('rev-parse', shop.id)).toBe(mine);
  });
});
