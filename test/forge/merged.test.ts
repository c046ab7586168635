import { describe, expect, test } from 'vitest';
import type { PatchDecision } from '../../src/contracts/patch.ts';
import { proposalController } from '../../src/feedback/proposal-controller.ts';
import { mergeProposal } from '../../src/forge/merge-proposal.ts';
import { openedWorkshop, solverFile, type Workshop, type WorkshopOptions } from './workshop.ts';

const person = 'Test Author <test@example.invalid>';
const apart = 'ledger_branch: millwright/ledger\n';

const every = ['a merge commit', 'a plain merge', 'a squash', 'a rebase', 'a hand that edits the file'];

const places: readonly (readonly [string, WorkshopOptions, readonly string[]])[] = [
  ['without a remote', {}, every],
  ['with a remote', { remote: true }, every],
  ['with a ledger branch of its own', { settings: apart }, ['a plain merge', 'a squash']],
  ['with a remote and a ledger branch of its own', { remote: true, settings: apart }, ['a rebase']],
];

type Shop = Workshop & { id: string };

/** Ways in which a person brings a proposal into the base, and who is behind it by what git knows. */
const ways: Readonly<Record<string, { merge: (shop: Shop) => Promise<unknown>; mayFastForward?: true }>> = {
  'a merge commit': {
    merge: ({ folder, named, id }) => folder.git('merge', '-q', '--no-ff', '-m', 'Merge it', named(id)),
  },
  'a plain merge': {
    merge: ({ folder, named, id }) => folder.git('merge', '-q', named(id)),
    mayFastForward: true,
  },
  'a squash': {
    merge: async ({ folder, named, id }) => {
      await folder.git('merge', '-q', '--squash', named(id));
      await folder.git('commit', '-q', '-m', 'Squash it');
    },
  },
  'a rebase': { merge: ({ folder, named, id }) => folder.git('cherry-pick', named(id)) },
  'a hand that edits the file': {
    merge: async ({ folder }) => {
      const text = await folder.read(solverFile);
      await folder.write(solverFile, text.replace('  domains: {}', '  domains:\n    a/b: gpt-5 # tried it'));
      await folder.git('commit', '-q', '-a', '-m', 'Route a/b by hand');
    },
  },
};

describe.each(places)('a proposal %s', (_place, options, tried) => {
  test.each(tried)('that is merged by %s is recognised, once, with its commit.', async (how) => {
    const way = ways[how];
    if (way === undefined) throw new Error(`there is no way called ${how}`);
    await using shop = await openedWorkshop(options);
    await way.merge(shop);
    const merge = await shop.folder.git('rev-parse', 'HEAD');
    await shop.publish();
    await shop.pass();
    const decisions = await shop.records<PatchDecision>('patch_decision');
    const [patch] = await shop.records('patch');
    const fastForward = (await shop.folder.git('log', '-1', '--format=%an', merge)) === 'Millwright';
    expect(decisions).toEqual([
      expect.objectContaining({
        patch_id: patch?.id,
        proposal_id: shop.id,
        decision: 'applied',
        commit_hash: merge,
        decided_by: fastForward && way.mayFastForward ? 'a person, by fast-forward' : person,
      }),
    ]);
    expect(await shop.branches()).toEqual([]);
    const tip = await shop.ledgerTip();
    expect((await shop.pass()).changed).toBe(false);
    expect(await shop.ledgerTip()).toBe(tip);
  });

  test('that is applied by review names who approved it.', async () => {
    await using shop = await openedWorkshop(options);
    const merge = await shop.run(async (context) => {
      const commit = await mergeProposal(context.workspace, shop.id, 'A title', 'Ada <ada@example.org>');
      for (const step of await proposalController.plan(context)) await step.apply();
      return commit;
    });
    expect(await shop.records<PatchDecision>('patch_decision')).toEqual([
      expect.objectContaining({
        decision: 'applied',
        commit_hash: merge,
        decided_by: 'Ada <ada@example.org>',
      }),
    ]);
    expect(await shop.truth.git('show', `main:${solverFile}`)).toContain('a/b: gpt-5');
    expect(await shop.truth.git('log', '-1', '--format=%P', merge ?? '')).toMatch(/^\S{40} \S{40}$/);
    expect(await shop.branches()).toEqual([]);
    expect((await shop.pass()).changed).toBe(false);
  });
});
