import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { kindNames } from '../../src/contracts/kinds.ts';
import { initWorkspace } from '../../src/ledger/init-workspace.ts';
import { openWorkspace } from '../../src/ledger/workspace.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';
import { outcomeText, put, takeAll } from './ledger-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

async function expectWorks(folder: GitFolder): Promise<void> {
  await put(folder, 'queue/inbox/outcome/probe.json', outcomeText('probe'));
  expect(await takeAll(folder.dir)).toMatchObject({ accepted: { outcome: 1 }, rejected: [] });
}

describe('init', () => {
  test('lays the tree of a workspace into a repository, as one commit, and it works at once.', async () => {
    await using folder = await gitFolder({ 'README.md': 'mine\n' });
    const report = await initWorkspace(folder.dir);
    expect(report).toMatchObject({
      root: folder.dir,
      branch: 'main',
      kept: [],
      leftAlone: [],
      commit: await folder.git('rev-parse', 'HEAD'),
    });
    expect(await folder.git('rev-list', '--count', 'HEAD')).toBe('2');
    const files = (await folder.git('ls-files')).split('\n');
    expect(files).toEqual(
      expect.arrayContaining([
        'millwright.yaml',
        'queue/README.md',
        'state/README.md',
        'prompts/README.md',
        'prompts/DO-NOT-CHANGE-EVER.md',
        'artifacts/README.md',
        'personas/README.md',
        '.gitignore',
        '.gitattributes',
        ...kindNames().map((kind) => `queue/inbox/${kind}/.gitkeep`),
      ]),
    );
    expect(new Set([...report.created, '.gitignore', '.gitattributes', 'README.md'])).toEqual(new Set(files));
    expect(await folder.read('state/README.md')).toBe(await readFile(`${root}state/README.md`, 'utf8'));
    expect(await folder.read('README.md')).toBe('mine\n');
    expect(await folder.git('status', '--porcelain')).toBe('');
    await expectWorks(folder);
  });

  test('run again adds only what is missing, and makes no commit when nothing is.', async () => {
    await using folder = await gitFolder({ 'README.md': 'mine\n' });
    const first = await initWorkspace(folder.dir);
    const again = await initWorkspace(folder.dir);
    expect(again).toMatchObject({ created: [], commit: null });
    expect(new Set(again.kept)).toEqual(new Set(first.created));
    await folder.git('rm', '-q', 'queue/README.md', 'personas/README.md');
    await folder.git('commit', '-q', '-m', 'Remove');
    const third = await initWorkspace(folder.dir);
    expect(new Set(third.created)).toEqual(new Set(['queue/README.md', 'personas/README.md']));
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('keeps every file that is there.', async () => {
    const mine = {
      'millwright.yaml': 'analysis: {every_days: 3}\n',
      'queue/README.md': 'my queue\n',
      'state/README.md/odd': 'a folder\n',
    };
    await using folder = await gitFolder(mine);
    const report = await initWorkspace(folder.dir);
    expect(report.kept).toEqual(['millwright.yaml', 'queue/README.md', 'state/README.md']);
    for (const [path, text] of Object.entries(mine)) expect(await folder.read(path)).toBe(text);
    await expectWorks(folder);
  });

  test('adds its lines to .gitignore and .gitattributes once, whatever ends the last line there.', async () => {
    for (const [before, after] of [
      ['node_modules', 'node_modules\n'],
      ['node_modules\n', 'node_modules\n'],
      ['a\r\n.millwright/\r\n', 'a\r\n.millwright/\r\n'],
      ['', ''],
    ] as const) {
      await using folder = await gitFolder({ '.gitignore': before, '.gitattributes': '*.png binary' });
      await initWorkspace(folder.dir);
      const added = before.includes('.millwright/') ? '' : '.millwright/\n';
      expect(await folder.read('.gitignore')).toBe(`${after}${added}queue/rejected/**/*.local*\n`);
      expect(await folder.read('.gitattributes')).toBe('*.png binary\n/state/** -text\n/queue/** -text\n');
      expect((await initWorkspace(folder.dir)).commit).toBeNull();
    }
  });

  test('leaves work that is not committed alone, staged or not, and says so.', async () => {
    await using folder = await gitFolder({ 'README.md': 'mine\n', 'kept.txt': 'a\n' });
    await folder.write('README.md', 'edited\n');
    await folder.write('millwright.yaml', 'analysis: {every_days: 1}\n');
    await folder.write('new.txt', 'new\n');
    await folder.write('staged.txt', 'staged\n');
    await folder.git('add', 'staged.txt');
    const report = await initWorkspace(folder.dir);
    expect(report.leftAlone).toEqual([{ path: 'millwright.yaml', reason: 'in the way' }]);
    expect(await folder.read('millwright.yaml')).toBe('analysis: {every_days: 1}\n');
    expect(await folder.read('README.md')).toBe('edited\n');
    const status = (await folder.git('status', '--porcelain')).split('\n').map((line) => line.trim());
    expect(new Set(status)).toEqual(
      new Set(['M README.md', 'M millwright.yaml', 'A  staged.txt', '?? new.txt']),
    );
    expect(await folder.git('show', '--stat', '--format=', 'HEAD')).not.toContain('staged.txt');
  });

  test('begins the history of a repository without commits.', async () => {
    await using folder = await gitFolder({}, { branch: 'trunk' });
    await folder.write('mine.txt', 'mine\n');
    await folder.git('add', 'mine.txt');
    expect(await initWorkspace(folder.dir)).toMatchObject({ branch: 'trunk', kept: [], leftAlone: [] });
    expect(await folder.git('rev-list', '--count', 'trunk')).toBe('1');
    expect(await folder.git('status', '--porcelain')).toBe('A  mine.txt');
    expect(await folder.read('millwright.yaml')).toContain('ledger_branch: "trunk"');
    await expectWorks(folder);
  });

  test.each(['1.0', 'true', 'feat/über', 'release#7', "it's", 'null'])(
    'on a branch that is called %j makes it the branch of the workspace.',
    async (branch) => {
      await using folder = await gitFolder({ 'README.md': 'mine\n' }, { branch });
      await initWorkspace(folder.dir);
      const workspace = await openWorkspace(folder.dir);
      expect(workspace.settings).toMatchObject({ ledger_branch: branch, base_branch: branch });
      workspace.close();
      await expectWorks(folder);
    },
  );

  test('is not misled by a tag that has the name of the branch.', async () => {
    await using folder = await gitFolder({ 'README.md': 'mine\n' });
    await folder.git('tag', 'main');
    expect(await initWorkspace(folder.dir)).toMatchObject({ branch: 'main' });
    expect(await folder.git('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe('refs/heads/main');
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('starts on main when HEAD is detached, and leaves the checkout as it is.', async () => {
    await using folder = await gitFolder({ 'README.md': 'mine\n' }, { branch: 'trunk' });
    await folder.git('checkout', '-q', '--detach');
    const before = await folder.git('rev-parse', 'HEAD');
    const report = await initWorkspace(folder.dir);
    expect(report).toMatchObject({ branch: 'main', commit: await folder.git('rev-parse', 'main') });
    expect(await folder.git('rev-parse', 'HEAD', 'main^')).toBe(`${before}\n${before}`);
    expect(await folder.git('status', '--porcelain')).toBe('');
    await folder.git('checkout', '-q', 'main');
    await expectWorks(folder);
  });

  test('finds the top of the repository from a folder inside it.', async () => {
    await using folder = await gitFolder({ 'deep/er/x.txt': 'x\n' });
    expect(await initWorkspace(`${folder.dir}/deep/er`)).toMatchObject({ root: folder.dir });
    expect(await folder.exists('millwright.yaml')).toBe(true);
  });

  test('never throws away a file that lies where a folder has to be.', async () => {
    for (const path of ['queue', 'state', 'personas', 'queue/inbox', 'prompts']) {
      await using folder = await gitFolder({ [path]: 'mine\n' });
      await expect(initWorkspace(folder.dir)).rejects.toMatchObject({
        code: 'in-the-way',
        message: expect.stringContaining(path),
      });
      expect(await folder.git('rev-list', '--count', 'HEAD')).toBe('1');
      expect(await folder.read(path)).toBe('mine\n');
      expect(await folder.git('status', '--porcelain')).toBe('');
    }
  });

  test('writes into a bare repository as well.', async () => {
    await using folder = await gitFolder({ 'README.md': 'mine\n' }, { bare: true });
    expect((await initWorkspace(folder.dir)).commit).toBe(await folder.git('rev-parse', 'main'));
    (await openWorkspace(folder.dir)).close();
  });

  test('has nothing to do outside a repository.', async () => {
    await using folder = await gitFolder();
    await expect(initWorkspace(`${folder.dir}/..`)).rejects.toMatchObject({ code: 'no-repository' });
  });
});

describe('a workspace', () => {
  test('is opened from any folder inside it, and says what is missing where there is none.', async () => {
    await using folder = await gitFolder({ 'millwright.yaml': '', 'deep/er/x.txt': 'x\n' });
    const workspace = await openWorkspace(`${folder.dir}/deep/er`);
    expect(workspace).toMatchObject({ root: folder.dir, remote: undefined, warnings: [] });
    expect(workspace.base).toBe(workspace.log);
    workspace.close();
    await using empty = await gitFolder({ 'x.txt': 'x\n' });
    await expect(openWorkspace(empty.dir)).rejects.toMatchObject({
      code: 'no-workspace',
      hint: expect.stringContaining('millwright init'),
    });
    await using bare = await gitFolder({ 'x.txt': 'x\n' }, { bare: true });
    await expect(openWorkspace(bare.dir)).rejects.toMatchObject({ code: 'no-workspace' });
    await expect(openWorkspace(`${empty.dir}/no/such/folder`)).rejects.toMatchObject({
      code: 'no-repository',
    });
  });

  test('with settings that are wrong is not opened; every wrong line is named.', async () => {
    await using folder = await gitFolder({
      'millwright.yaml': 'remote: origin\nledger_branch: "a b"\nlimits: {segment_bytes: 1}\n',
    });
    await expect(openWorkspace(folder.dir)).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringMatching(
        /millwright\.yaml:2: ledger_branch: .*\nmillwright\.yaml:3: limits\.segment_bytes: /,
      ),
    });
  });
});
