import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { pagePath } from '../../src/forge/local-forge.ts';
import { bareRemote } from '../support/git-folder.ts';
import { openedWorkshop, removeFile, routeTo, solverFile, type Workshop } from './workshop.ts';

type Shop = Workshop & { id: string };

/** Commits to the person's branch and publishes it. */
async function commit(
  shop: Shop,
  path: string,
  edit: (text: string) => string,
  message = 'A change',
): Promise<void> {
  await shop.folder.write(path, edit(await shop.folder.read(path)));
  await shop.folder.git('commit', '-q', '-m', message, '--', path);
  await shop.publish();
}

const head = (shop: Shop) => shop.truth.git('rev-parse', shop.id);

async function page(shop: Shop): Promise<{ head: string; title: string; text: string }> {
  const text = await shop.truth.git('show', `main:${pagePath(shop.id)}`);
  return { ...(parse(text.split('---')[1] ?? '') as { head: string; title: string }), text };
}

describe.each([
  ['without a remote', false],
  ['with a remote', true],
])('an open proposal %s', (_place, remote) => {
  test('is one commit on the base, with its page, and the next pass finds nothing to do.', async () => {
    await using shop = await openedWorkshop({ remote });
    const first = await head(shop);
    expect(
      await shop.truth.git(
        'log',
        '-1',
        '--format=%s|%an|%(trailers:key=Millwright-Proposal,valueonly)',
        first,
      ),
    ).toBe(`solver 1.1.0: route a/b to gpt-5|Millwright|${shop.id}`);
    expect(await shop.truth.git('diff', '--name-only', `${first}^`, first)).toBe(solverFile);
    expect(await page(shop)).toMatchObject({ head: first, title: 'solver 1.1.0: route a/b to gpt-5' });
    const tip = await shop.ledgerTip();
    for (let time = 0; time < 2; time += 1) {
      expect(await shop.results()).toEqual({ [shop.id]: 'unchanged' });
      expect([await head(shop), await shop.ledgerTip()]).toEqual([first, tip]);
    }
  });

  test('is made anew as one commit on the new base when the base changes its file.', async () => {
    await using shop = await openedWorkshop({ remote });
    const before = await head(shop);
    await commit(shop, solverFile, (text) => text.replace('active: true', 'active: false # on leave'));
    await shop.pass();
    await shop.sync();
    const after = await head(shop);
    expect(after).not.toBe(before);
    const base = await shop.truth.git('rev-parse', `${after}^`);
    expect(await shop.truth.git('show', `${base}:${solverFile}`)).toContain('active: false # on leave');
    const text = await shop.truth.git('show', `${after}:${solverFile}`);
    expect(text).toContain('active: false # on leave');
    expect(text).toContain('a/b: gpt-5');
    expect((await page(shop)).head).toBe(after);
    expect(await shop.results()).toEqual({ [shop.id]: 'unchanged' });
  });

  test('is left alone once a person has committed to its branch.', async () => {
    await using shop = await openedWorkshop({ remote });
    await shop.folder.git('switch', '-q', '-c', 'mine', shop.named(shop.id));
    await shop.folder.write(
      solverFile,
      (await shop.folder.read(solverFile)).replace('gpt-5', 'gpt-5 # sure?'),
    );
    await shop.folder.git('commit', '-q', '-a', '-m', 'Ask');
    if (remote) await shop.publish(`mine:${shop.id}`);
    else await shop.folder.git('branch', '-f', shop.id, 'mine');
    await shop.folder.git('switch', '-q', 'main');
    const [mine, tip] = [await head(shop), await shop.ledgerTip()];
    expect(await shop.results()).toEqual({ [shop.id]: 'edited-by-human' });
    expect([await head(shop), await shop.ledgerTip()]).toEqual([mine, tip]);
    // Not even a new base is a reason to touch it.
    await commit(shop, solverFile, (text) => text.replace('active: true', 'active: false'));
    expect(await shop.results()).toEqual({ [shop.id]: 'edited-by-human' });
    expect(await head(shop)).toBe(mine);
  });
});

/** What a person may do to the branch of a proposal while it is checked out, and what a pass makes of it. */
const branchChanges: Readonly<
  Record<string, { change: (shop: Shop) => Promise<unknown>; wanted: 'edited-by-human' | 'updated' }>
> = {
  amends: {
    change: async ({ folder }) => {
      await folder.write(solverFile, 'mine\n');
      await folder.git('commit', '-q', '--amend', '--no-edit', '-a');
    },
    wanted: 'edited-by-human',
  },
  'starts anew without any parent': {
    change: async ({ folder, id }) => {
      await folder.git('switch', '-q', '--orphan', 'fresh');
      await folder.git('commit', '-q', '--allow-empty', '-m', 'Root');
      await folder.git('branch', '-f', id, 'fresh');
    },
    wanted: 'edited-by-human',
  },
  'starts anew without any parent, under the old message': {
    change: async ({ folder, id }) => {
      const message = await folder.git('log', '-1', '--format=%B');
      await folder.git('switch', '-q', '--orphan', 'fresh');
      await folder.git('commit', '-q', '--allow-empty', '-m', message);
      await folder.git('branch', '-f', id, 'fresh');
    },
    wanted: 'edited-by-human',
  },
  'sets back to the base': {
    change: ({ folder }) => folder.git('reset', '-q', '--hard', 'main'),
    wanted: 'edited-by-human',
  },
  'merges the base into': {
    change: ({ folder }) => folder.git('merge', '-q', '-m', 'Update', 'main'),
    wanted: 'updated',
  },
  'rebases without a change to': {
    change: ({ folder }) => folder.git('rebase', '-q', 'main'),
    wanted: 'updated',
  },
};

describe('an open proposal', () => {
  test('speaks of the right version when a person raises the version meanwhile.', async () => {
    await using shop = await openedWorkshop();
    await commit(shop, solverFile, (text) => text.replace('version: 1.0.0', 'version: 3.2.1'));
    await shop.pass();
    expect(await shop.folder.git('show', `${shop.id}:${solverFile}`)).toContain('version: 3.3.0');
    const { title, text } = await page(shop);
    expect(title).toBe('solver 3.3.0: route a/b to gpt-5');
    expect(text).toContain('Persona `solver`, 3.2.1 to 3.3.0');
    expect(await shop.branches()).toEqual([shop.id]);
  });

  test('is opened on a remote that is added later, and not taken for one whose branch was deleted.', async () => {
    await using shop = await openedWorkshop();
    await using remote = await bareRemote();
    await shop.folder.git('remote', 'add', 'origin', remote.dir);
    await shop.folder.git('push', '-q', 'origin', 'main');
    expect(await shop.results()).toEqual({ [shop.id]: 'opened' });
    expect(await remote.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/millwright')).toBe(
      shop.id,
    );
    expect(await shop.records('patch_decision')).toEqual([]);
    expect(await shop.results()).toEqual({ [shop.id]: 'unchanged' });
    await remote.git('update-ref', '-d', `refs/heads/${shop.id}`);
    expect(await shop.results()).toEqual({ [shop.id]: 'rejected' });
  });

  test.each(Object.entries(branchChanges))(
    'whose branch a person %s does not keep other proposals from being opened.',
    async (_what, { change, wanted }) => {
      await using shop = await openedWorkshop();
      await shop.folder.git('switch', '-q', shop.id);
      await change(shop);
      await shop.folder.git('switch', '-q', 'main');
      await shop.drop('recommendation', 'other', routeTo('c/d', 'gpt-5', { target_persona: 'backend' }));
      const before = await head(shop);
      const { proposals, failures } = await shop.pass();
      expect(failures).toEqual([]);
      expect(proposals.find(({ proposal_id: id }) => id === shop.id)?.result).toBe(wanted);
      expect(await head(shop)).toBe(before);
      expect(await shop.branches()).toHaveLength(2);
      expect(await shop.records('patch_decision')).toEqual([]);
    },
  );

  test.each<[string, (shop: Shop) => Promise<unknown>]>([
    ['is gone', (shop) => removeFile(shop, solverFile)],
    ['is broken', (shop) => shop.folder.write(solverFile, 'id: [\n')],
    ['breaks its schema', (shop) => shop.folder.write(solverFile, 'id: solver\n')],
  ])('is stuck while its persona %s, and goes on afterwards.', async (_what, spoil) => {
    await using shop = await openedWorkshop();
    const before = await head(shop);
    await spoil(shop);
    await shop.folder.git('commit', '-q', '-a', '-m', 'Spoil');
    for (let time = 0; time < 2; time += 1) expect(await shop.results()).toEqual({ [shop.id]: 'stuck' });
    expect(await head(shop)).toBe(before);
    await shop.folder.git('revert', '--no-edit', 'HEAD');
    expect(await shop.results()).toEqual({ [shop.id]: 'unchanged' });
  });

  test('is opened again when its page was deleted while its branch stands.', async () => {
    await using shop = await openedWorkshop();
    const before = await head(shop);
    await shop.folder.git('rm', '-q', pagePath(shop.id));
    await shop.folder.git('commit', '-q', '-m', 'Tidy up');
    await shop.pass();
    expect(await page(shop)).toMatchObject({ head: before });
    expect(await head(shop)).toBe(before);
    expect(await shop.records('patch_decision')).toEqual([]);
  });

  test.each([
    ['has become unreadable', () => 'nothing of use\n'],
    ['has lost its front matter', (text: string) => text.split('---')[2] ?? ''],
  ])('has its page written anew when it %s.', async (_what, spoil) => {
    await using shop = await openedWorkshop();
    const before = await head(shop);
    await commit(shop, pagePath(shop.id), spoil);
    await shop.pass();
    expect(await page(shop)).toMatchObject({ head: before, title: 'solver 1.1.0: route a/b to gpt-5' });
    expect(await shop.results()).toEqual({ [shop.id]: 'unchanged' });
  });

  test('is not decided by a copy of its page, which stays where it is.', async () => {
    await using shop = await openedWorkshop();
    const copy = pagePath(shop.id).replace('.md', '.copy.md');
    const text = await shop.folder.read(pagePath(shop.id));
    await shop.folder.write(copy, text.replace('state: open', 'state: closed'));
    await shop.folder.git('add', '.');
    await shop.folder.git('commit', '-q', '-m', 'Copy');
    expect(await shop.results()).toEqual({ [shop.id]: 'unchanged' });
    await shop.folder.git('merge', '-q', '-m', 'Merge it', shop.id);
    await shop.pass();
    expect(await shop.records('patch_decision')).toHaveLength(1);
    const tip = await shop.ledgerTip();
    expect((await shop.pass()).changed).toBe(false);
    expect(await shop.ledgerTip()).toBe(tip);
    expect(await shop.folder.exists(copy)).toBe(true);
  });

  test('moves along in a checkout of its branch, and leaves what the person has not committed.', async () => {
    await using shop = await openedWorkshop();
    const beside = `${shop.folder.dir}-beside`;
    await shop.folder.git('worktree', 'add', '-q', beside, shop.id);
    await shop.folder.write('../work-beside/notes.txt', 'mine\n');
    const mine = '../work-beside/personas/backend.yaml';
    await shop.folder.write(mine, `${await shop.folder.read(mine)}# mine\n`);
    await commit(shop, solverFile, (text) => text.replace('active: true', 'active: false'));
    await shop.pass();
    expect(await shop.folder.read('../work-beside/personas/solver.yaml')).toContain('active: false');
    expect(await shop.folder.read('../work-beside/personas/solver.yaml')).toContain('a/b: gpt-5');
    expect(await shop.folder.git('-C', beside, 'status', '--porcelain')).toBe(
      'M personas/backend.yaml\n?? notes.txt',
    );
    expect(await shop.results()).toEqual({ [shop.id]: 'unchanged' });
    // The branch of a decided proposal stays as long as somebody stands on it.
    await shop.folder.git('merge', '-q', '-m', 'Merge it', shop.id);
    await shop.pass();
    expect(await shop.records('patch_decision')).toHaveLength(1);
    expect(await shop.branches()).toEqual([shop.id]);
    expect((await shop.pass()).changed).toBe(false);
  });
});
