import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openEffects } from '../../../src/feedback/effects/open-effects.ts';
import { personaForRun } from '../../../src/feedback/effects/persona-for-run.ts';
import { readFeedbackState } from '../../../src/feedback/feedback-state.ts';
import { openWorkspace } from '../../../src/ledger/workspace.ts';
import { routeTo } from '../../forge/workshop.ts';
import { gitFolder } from '../../support/git-folder.ts';
import { patchFields, route } from '../feedback-records.ts';
import { type EffectsShop, effectsShop, mergedShop, mergeOnly, solverPath } from './effects-shop.ts';

/** How each patch under way stands, and who would work on four slots. */
async function look(dir: string) {
  const workspace = await openWorkspace(dir);
  try {
    const open = await openEffects(workspace, await readFeedbackState(workspace));
    const arms = await Promise.all(
      ['s-1', 's-2', 's-3', 's-4', 's-5', 's-6', 's-7'].map((slot) =>
        personaForRun(workspace, 'solver', slot),
      ),
    );
    return {
      standings: open.map(({ standing }) => standing),
      arms: new Set(arms.map(({ arm, file }) => `${arm} ${file.persona.version}`)),
    };
  } finally {
    workspace.close();
  }
}

const versions = { control: '1.0.0', treatment: '1.1.0' };
const measured = {
  standings: [{ result: 'measured', versions }],
  arms: new Set(['control 1.0.0', 'treatment 1.1.0']),
};
const superseded = (reason: string) => ({ result: 'superseded', versions, reason });

describe('a merged patch', () => {
  let shop: EffectsShop;
  let start: string;
  beforeAll(async () => {
    shop = await mergedShop();
    start = await shop.folder.git('rev-parse', 'HEAD');
  });
  afterAll(() => shop[Symbol.asyncDispose]());
  beforeEach(() => shop.folder.git('reset', '-q', '--hard', start));

  test('is split between its version and the one before.', async () => {
    expect(await look(shop.folder.dir)).toEqual(measured);
  });

  test('stays so when only votes on bullets and comments change.', async () => {
    await shop.edit(solverPath, (text) =>
      text.replace('helpful: 0', 'helpful: 4').replace('role:', '# who\nrole:'),
    );
    expect(await look(shop.folder.dir)).toEqual(measured);
  });

  test('is superseded by a version that a person has raised.', async () => {
    await shop.edit(solverPath, (text) => text.replace('version: 1.1.0', 'version: 1.1.1'));
    const reason = 'solver was changed after the merge: it is at 1.1.1, and the patch made 1.1.0';
    expect(await look(shop.folder.dir)).toEqual({
      standings: [superseded(reason)],
      arms: new Set(['only 1.1.1']),
    });
  });

  test('is superseded by an edit that left the version as it was.', async () => {
    await shop.edit(solverPath, (text) => text.replace('tier: sub', 'tier: brain'));
    const reason = 'solver was edited after the merge and kept its version 1.1.0';
    expect(await look(shop.folder.dir)).toEqual({
      standings: [superseded(reason)],
      arms: new Set(['only 1.1.0']),
    });
  });

  test('is superseded when a person reverts the merge, or removes the persona.', async () => {
    const merge = await shop.folder.git('log', '-1', '--format=%H', '--merges', 'HEAD');
    await shop.folder.git('revert', '--no-edit', '-m', '1', merge);
    const back = 'solver was changed after the merge: it is at 1.0.0, and the patch made 1.1.0';
    expect(await look(shop.folder.dir)).toEqual({
      standings: [superseded(back)],
      arms: new Set(['only 1.0.0']),
    });
    await shop.folder.git('rm', '-q', solverPath);
    await shop.folder.git('commit', '-q', '-m', 'Remove it');
    await expect(look(shop.folder.dir)).rejects.toMatchObject({ code: 'unknown-persona' });
    await shop.measure();
    expect((await shop.decisions()).map(({ reason }) => reason)).toEqual([
      'solver is no longer on the roster',
    ]);
  });

  test('waits while nobody can read the persona, and no run is assigned.', async () => {
    await shop.edit(solverPath, (text) => text.replace('tier: sub', 'tier: [sub'));
    await expect(look(shop.folder.dir)).rejects.toMatchObject({ code: 'bad-persona' });
    const report = await shop.measure();
    expect(report.failures).toEqual([]);
    expect(await shop.decisions()).toEqual([]);
  });

  test('is left alone by a shallow clone, which has no version before it.', async () => {
    await using clone = await gitFolder();
    const dir = `${clone.dir}/shallow`;
    await clone.git('clone', '-q', '--depth', '1', '--single-branch', `file://${shop.folder.dir}`, dir);
    const { standings, arms } = await look(dir);
    expect(standings).toEqual([
      { result: 'alert-only', versions, note: expect.stringContaining('a full clone does') },
    ]);
    expect(arms).toEqual(new Set(['only 1.1.0']));
  });

  test('is not split when the settings forbid it.', async () => {
    await shop.folder.write('millwright.yaml', 'effects:\n  split: false\n');
    await shop.folder.git('commit', '-q', '-am', 'No split');
    expect((await look(shop.folder.dir)).arms).toEqual(new Set(['only 1.1.0']));
  });
});

describe('the version before a merge', () => {
  test.each([
    [
      'a squash',
      (branch: string) => [
        ['merge', '-q', '--squash', branch],
        ['commit', '-q', '-m', 'Squash it'],
      ],
    ],
    [
      'a fast-forward',
      (branch: string) => [
        ['rebase', '-q', 'main', branch],
        ['checkout', '-q', 'main'],
        ['merge', '-q', '--ff-only', branch],
      ],
    ],
    [
      'a rebase behind other work',
      (branch: string) => [
        ['commit', '-q', '--allow-empty', '-m', 'Other work'],
        ['rebase', '-q', 'main', branch],
        ['checkout', '-q', 'main'],
        ['merge', '-q', '--ff-only', branch],
        ['commit', '-q', '--allow-empty', '-m', 'More work'],
      ],
    ],
  ])('is that of the first parent, after %s too.', async (_how, commands) => {
    await using shop = await effectsShop();
    await shop.drop('recommendation', 'route-a', routeTo('a/b', 'gpt-5'));
    await shop.measure();
    const [branch = ''] = await shop.branches();
    for (const command of commands(branch)) await shop.folder.git(...command);
    await shop.measure();
    expect(await look(shop.folder.dir)).toEqual(measured);
  });

  test('does not exist where a person made the change and left the version: superseded at once.', async () => {
    await using shop = await effectsShop();
    await shop.drop('recommendation', 'route-a', routeTo('a/b', 'gpt-5'));
    await shop.measure();
    await shop.edit(solverPath, (text) => text.replace('  domains: {}', '  domains:\n    a/b: gpt-5'));
    await shop.measure();
    expect(await shop.decisions()).toEqual([
      expect.objectContaining({
        decision: 'superseded',
        reason: 'the merge left the version at 1.0.0, so runs before and after cannot be told apart',
      }),
    ]);
    expect((await shop.measure()).changed).toBe(false);
  });
});

describe('two patches of one persona', () => {
  test('are measured one after the other: the later against its own parent.', async () => {
    await using shop = await mergedShop();
    await shop.drop('patch', 'second', {
      ...patchFields('second', [route('c/d')]),
      from_version: '1.1.0',
      to_version: '1.2.0',
    });
    await shop.measure();
    await mergeOnly(shop);
    await shop.measure();
    const [first] = await shop.patches();
    expect(await shop.decisions()).toEqual([
      expect.objectContaining({
        patch_id: first?.id,
        decision: 'superseded',
        reason: 'solver was changed after the merge: it is at 1.2.0, and the patch made 1.1.0',
      }),
    ]);
    expect(await look(shop.folder.dir)).toEqual({
      standings: [{ result: 'measured', versions: { control: '1.1.0', treatment: '1.2.0' } }],
      arms: new Set(['control 1.1.0', 'treatment 1.2.0']),
    });
  });

  test('that came with one commit cannot be told apart: only one of them is measured.', async () => {
    await using shop = await effectsShop();
    for (const [name, domain] of [
      ['one', 'a/b'],
      ['two', 'c/d'],
    ] as const)
      await shop.drop('patch', name, { ...patchFields(name, [route(domain)]) });
    await shop.measure();
    await shop.edit(solverPath, (text) =>
      text
        .replace('  domains: {}', '  domains:\n    a/b: gpt-5\n    c/d: gpt-5')
        .replace('version: 1.0.0', 'version: 1.1.0'),
    );
    await shop.measure();
    const [decision, ...more] = await shop.decisions();
    expect(more).toEqual([]);
    expect(decision?.reason).toMatch(/^patch (?:one|two) changed solver after it and is measured instead$/);
    expect(await look(shop.folder.dir)).toEqual(measured);
  });
});
