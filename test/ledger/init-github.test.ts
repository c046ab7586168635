import { appendFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { githubFiles } from '../../src/ledger/init/github-files.ts';
import { stampText } from '../../src/ledger/init/stamp.ts';
import { initWorkspace } from '../../src/ledger/init-workspace.ts';
import { openWorkspace } from '../../src/ledger/workspace.ts';
import { gitFolder } from '../support/git-folder.ts';

const CI = '.github/workflows/ci.yml';
const LOOP = '.github/workflows/loop.yml';
const PACKAGE = JSON.stringify({ name: 'theirs', scripts: { test: 'x' } });
const github = { github: true };

describe('init for GitHub', () => {
  test('lays the workflows, their action and owners, once, and turns proposals into pull requests.', async () => {
    await using folder = await gitFolder({ 'package.json': PACKAGE });
    const report = await initWorkspace(folder.dir, github);
    expect(report.created).toEqual(expect.arrayContaining([...githubFiles, '.github/CODEOWNERS']));
    expect(report).toMatchObject({ updated: [], edited: [], dryRun: false });
    expect(await folder.git('rev-list', '--count', 'HEAD')).toBe('2');
    expect(await folder.git('status', '--porcelain')).toBe('');
    const workspace = await openWorkspace(folder.dir);
    expect(workspace.settings).toMatchObject({ forge: 'github', schedules: { loop: '0 2 * * 0' } });
    workspace.close();
    for (const line of (await folder.read('.github/CODEOWNERS')).trimEnd().split('\n'))
      expect(line).toMatch(/^# /);
    const again = await initWorkspace(folder.dir, github);
    expect(again).toMatchObject({ created: [], updated: [], edited: [], commit: null });
    expect(again.kept).toEqual(expect.arrayContaining([...githubFiles]));
  });

  test('without it lays nothing of the sort.', async () => {
    await using folder = await gitFolder({ 'package.json': PACKAGE });
    expect(await initWorkspace(folder.dir)).toMatchObject({ steps: [], edited: [] });
    expect(await folder.exists('.github')).toBe(false);
  });

  test('brings a file up to date that nobody has edited, and leaves an edited one, with the difference.', async () => {
    await using folder = await gitFolder({ 'package.json': PACKAGE });
    await initWorkspace(folder.dir, github);
    const text = await folder.read(LOOP);
    await folder.write(LOOP, stampText(LOOP, text.replace('cron: ', 'corn: '), '0.0.1'));
    await appendFile(join(folder.dir, CI), '# mine\n');
    await folder.git('commit', '-qam', 'Older, and edited');
    const report = await initWorkspace(folder.dir, github);
    expect(report).toMatchObject({ created: [], updated: [LOOP], edited: [{ path: CI }] });
    expect(await folder.read(LOOP)).toBe(text);
    expect(await folder.read(CI)).toMatch(/# mine\n$/);
    expect(report.edited[0]?.diff).toMatch(
      /^--- a\/\.github\/workflows\/ci\.yml\n\+\+\+ b\/\.github\/.*\n@@[\s\S]*\n-# mine\n$/m,
    );
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect(await initWorkspace(folder.dir, github)).toMatchObject({ commit: null, edited: [{ path: CI }] });
  });

  test('never touches a file without a stamp, nor one that is a link.', async () => {
    await using folder = await gitFolder({
      [LOOP]: 'name: Theirs\n',
      'docs/CODEOWNERS': '* @ada\n',
      'elsewhere.yml': 'x\n',
    });
    await symlink('../../elsewhere.yml', join(folder.dir, '.github/workflows/worker.yml'));
    await folder.git('add', '--all');
    await folder.git('commit', '-qm', 'A link');
    const report = await initWorkspace(folder.dir, github);
    const foreign = [
      { path: LOOP, without: 'the loop does not turn by itself' },
      { path: '.github/workflows/worker.yml', without: 'no workers run' },
    ];
    expect(report.foreign).toEqual(foreign);
    expect(report.kept).not.toContain(LOOP);
    expect(await folder.read(LOOP)).toBe('name: Theirs\n');
    expect(await folder.read('elsewhere.yml')).toBe('x\n');
    expect(report.created).not.toContain('.github/CODEOWNERS');
    expect(report.edited).toEqual([]);
    expect(await initWorkspace(folder.dir, github)).toMatchObject({ commit: null, foreign });
  });

  test('counts an edit that is not committed: it shows the difference, and the file stays on both sides.', async () => {
    await using folder = await gitFolder({ 'package.json': PACKAGE });
    await initWorkspace(folder.dir, github);
    const text = await folder.read(LOOP);
    const older = stampText(LOOP, text.replace('cron: ', 'corn: '), '0.0.1');
    await folder.write(LOOP, older);
    await folder.git('commit', '-qam', 'Older');
    await folder.write(LOOP, `${older}# mine\n`);
    await folder.write('millwright.yaml', 'remote: false\n');
    const before = await folder.git('rev-parse', 'HEAD');
    const report = await initWorkspace(folder.dir, github);
    expect(report).toMatchObject({ updated: [], leftAlone: [], commit: null, edited: [{ path: LOOP }] });
    expect(report.edited[0]?.diff).toContain('\n-# mine\n');
    expect(report.steps.some(({ where }) => where === 'millwright.yaml: forge: github')).toBe(true);
    expect(await folder.git('rev-parse', 'HEAD')).toBe(before);
    expect(await folder.read(LOOP)).toBe(`${older}# mine\n`);
    await folder.write(LOOP, text);
    expect(await initWorkspace(folder.dir, github)).toMatchObject({ updated: [LOOP], leftAlone: [] });
    await rm(join(folder.dir, LOOP));
    await folder.git('commit', '-qm', 'Gone', '--', LOOP);
    await folder.write(LOOP, 'name: Theirs\n');
    expect(await initWorkspace(folder.dir, github)).toMatchObject({
      commit: null,
      foreign: [{ path: LOOP }],
    });
  });

  test('never says of one file that it was updated and left alone.', async () => {
    await using folder = await gitFolder({ 'package.json': PACKAGE });
    await initWorkspace(folder.dir, github);
    await folder.write(LOOP, stampText(LOOP, await folder.read(LOOP), '0.0.1'));
    await folder.git('commit', '-qam', 'Older');
    await rm(join(folder.dir, LOOP));
    const report = await initWorkspace(folder.dir, github);
    expect(report).toMatchObject({ updated: [], leftAlone: [{ path: LOOP, reason: 'deleted' }] });
  });

  test.each([false, true])(
    'lays nothing beside settings that cannot be read (dry run: %s).',
    async (dryRun) => {
      for (const committed of [true, false]) {
        await using folder = await gitFolder({ 'millwright.yaml': committed ? 'nonsense: 1\n' : '' });
        await folder.write('millwright.yaml', 'nonsense: 1\n');
        for (const wanted of [{}, github])
          await expect(initWorkspace(folder.dir, { ...wanted, dryRun })).rejects.toMatchObject({
            code: 'bad-settings',
          });
        expect(await folder.git('rev-list', '--count', 'HEAD')).toBe('1');
        expect(await folder.exists('queue')).toBe(false);
      }
    },
  );

  test('lays ci.yml only where there is a test to run, and nobody runs it.', async () => {
    for (const [files, wanted] of [
      [{ 'package.json': PACKAGE }, true],
      [{ 'package.json': '{"scripts":{}}' }, false],
      [{ 'package.json': '{"scripts":' }, false],
      [{ 'package.json': 'null' }, false],
      [{ 'README.md': 'x' }, false],
      [{ 'package.json': PACKAGE, '.github/workflows/ci.yaml': 'name: Theirs\n' }, false],
      [{ 'package.json': PACKAGE, [CI]: 'name: Theirs\n' }, false],
    ] as const) {
      await using folder = await gitFolder(files);
      const { created } = await initWorkspace(folder.dir, { ...github, dryRun: true });
      expect(created.includes(CI)).toBe(wanted);
    }
  });

  test('adds the forge to settings that a person has written, and says so where it cannot.', async () => {
    for (const [before, after, left] of [
      ['# mine\nremote: false\n', '# mine\nremote: false\nforge: github\n', false],
      ['forge: local # for now\n', 'forge: local # for now\n', true],
      ['{remote: false}\n', '{remote: false}\n', true],
    ] as const) {
      await using folder = await gitFolder({ 'millwright.yaml': before });
      const report = await initWorkspace(folder.dir, github);
      expect(await folder.read('millwright.yaml')).toBe(after);
      expect(report.updated).toEqual(before === after ? [] : ['millwright.yaml']);
      expect(report.steps.some(({ where }) => where === 'millwright.yaml: forge: github')).toBe(left);
    }
  });

  test('says what is left to a person with the address of every page, and on which branch schedules run.', async () => {
    await using folder = await gitFolder({ 'README.md': 'x\n' }, { branch: 'setup' });
    await folder.git('remote', 'add', 'origin', 'git@github.com:mill/works.git');
    await folder.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    await folder.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
    const { steps, onGithub } = await initWorkspace(folder.dir, github);
    expect(onGithub).toBe(true);
    const text = steps.map(({ what, where }) => `${what}: ${where}`).join('\n');
    for (const page of ['actions', 'rules', 'pages', 'variables/actions', 'secrets/actions'])
      expect(text).toContain(`https://github.com/mill/works/settings/${page} (`);
    expect(text).toContain('push setup and merge it into main');
    expect(await folder.read('millwright.yaml')).not.toContain('setup');
  });

  test('takes main or master for the default branch where no clone was told, and asks when neither is there.', async () => {
    for (const [fetched, wanted] of [
      ['master', 'master'],
      ['main', undefined],
      ['trunk', 'setup'],
    ] as const) {
      await using folder = await gitFolder({ 'README.md': 'x\n' }, { branch: 'setup' });
      await folder.git('remote', 'add', 'origin', 'git@github.com:mill/works.git');
      await folder.git('update-ref', `refs/remotes/origin/${fetched}`, 'HEAD');
      const { steps } = await initWorkspace(folder.dir, github);
      const settings = await folder.read('millwright.yaml');
      expect(/^base_branch: "(.*)"$/m.exec(settings)?.[1]).toBe(wanted);
      const asks = steps.some(({ what }) => what.startsWith('see that the default branch is setup'));
      expect(asks).toBe(wanted === 'setup');
    }
  });

  test('shows a command that a shell takes as it is meant, whatever the branch is called.', async () => {
    for (const [branch, word] of [
      ['main', 'main'],
      ['feat/x-1.0', 'feat/x-1.0'],
      ['we$(id)ird', "'we$(id)ird'"],
      ["it's;ls", "'it'\\''s;ls'"],
    ] as const) {
      await using folder = await gitFolder({ 'README.md': 'x\n' }, { branch });
      const { steps } = await initWorkspace(folder.dir, { ...github, dryRun: true });
      expect(steps.map(({ where }) => where)).toContain(`git push origin ${word}`);
    }
  });

  test('says that Millwright is in no registry yet, and which variable says where it is.', async () => {
    await using folder = await gitFolder({ 'README.md': 'x\n' });
    const { steps } = await initWorkspace(folder.dir, { ...github, dryRun: true });
    expect(steps).toContainEqual({
      what: expect.stringContaining('not in the npm registry yet'),
      where: expect.stringContaining('MILLWRIGHT_PACKAGE = github:'),
    });
  });

  test('only says what it would do, when asked.', async () => {
    await using folder = await gitFolder({ 'README.md': 'x\n' }, { branch: 'trunk' });
    await folder.git('checkout', '-q', '--detach');
    const report = await initWorkspace(folder.dir, { ...github, dryRun: true });
    expect(report).toMatchObject({ dryRun: true, commit: null });
    expect(report.created).toContain(LOOP);
    expect(await folder.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/trunk');
    expect(await folder.git('status', '--porcelain', '--ignored')).toBe('');
  });

  test('never throws away a file that lies where its folders have to be.', async () => {
    await using folder = await gitFolder({ '.github': 'mine\n' });
    await expect(initWorkspace(folder.dir, github)).rejects.toMatchObject({ code: 'in-the-way' });
    expect(await folder.read('.github')).toBe('mine\n');
  });
});
