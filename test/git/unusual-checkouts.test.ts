import { chmod, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';
import { localPlace, openWriter } from './suites/places.ts';

const files = { 'log.txt': 'start\n', 'big/a.txt': 'a\n', 'big/b.txt': 'b\n' };

describe('a checkout', () => {
  test('that is sparse does not get what it leaves out, and does not call it deleted.', async () => {
    await using place = await localPlace(files);
    const { folder, log, leftAlone } = await place.writer();
    await folder.git('sparse-checkout', 'set', '--no-cone', '/*', '!/big/');
    await log.transact({ subject: 'x' }, async () => ({
      edits: [
        { append: 'big/a.txt', content: 'more\n' },
        { remove: 'big/b.txt' },
        { append: 'log.txt', content: 'one\n' },
      ],
      value: null,
    }));
    expect(leftAlone).toEqual([]);
    expect(await folder.exists('big')).toBe(false);
    expect(await folder.git('status', '--porcelain')).toBe('');
    await folder.git('sparse-checkout', 'disable');
    expect(await folder.read('big/a.txt')).toBe('a\nmore\n');
  });

  test('whose git folder lies elsewhere is refreshed.', async () => {
    await using folder = await gitFolder(files);
    await folder.git('init', '-q', '--separate-git-dir', '../elsewhere.git');
    await append(folder);
    expect(await folder.read('log.txt')).toBe('start\none\n');
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('that is a submodule is refreshed.', async () => {
    await using folder = await gitFolder(files);
    await folder.git('init', '-q', '../outer');
    const outer = ['-C', '../outer', '-c', 'protocol.file.allow=always'];
    await folder.git(...outer, 'submodule', '--quiet', 'add', '-b', 'main', folder.dir, 'inner');
    const inner = { ...folder, dir: join(folder.dir, '../outer/inner') };
    await append(inner);
    expect(await folder.read('../outer/inner/log.txt')).toBe('start\none\n');
    expect(await folder.git('-C', '../outer/inner', 'status', '--porcelain')).toBe('');
  });

  test('of a commit and not of the branch is left where it is.', async () => {
    await using folder = await gitFolder(files);
    await folder.git('checkout', '-q', '--detach');
    await append(folder);
    expect(await folder.read('log.txt')).toBe('start\n');
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect(await folder.git('show', 'main:log.txt')).toBe('start\none');
  });

  test('in the middle of a merge with conflicts keeps the conflicts.', async () => {
    await using folder = await gitFolder(files);
    await folder.git('checkout', '-q', '-b', 'side');
    await folder.write('big/a.txt', 'side\n');
    await folder.git('commit', '-qam', 'Side');
    await folder.git('checkout', '-q', 'main');
    await folder.write('big/a.txt', 'main\n');
    await folder.git('commit', '-qam', 'Main');
    expect((await folder.gitCode('merge', 'side')).code).toBe(1);
    const before = [await folder.git('ls-files', '-u'), await folder.read('big/a.txt')];
    const { leftAlone } = await append(folder, 'big/a.txt');
    expect(leftAlone).toEqual([{ path: 'big/a.txt', reason: 'staged' }]);
    expect([await folder.git('ls-files', '-u'), await folder.read('big/a.txt')]).toEqual(before);
    expect(await folder.read('log.txt')).toBe('start\none\n');
  });

  test('with names that are not UTF-8 keeps them, and loses those that are removed.', async () => {
    await using folder = await gitFolder(files);
    const raw = (text: string) => Buffer.concat([Buffer.from(`${folder.dir}/`), Buffer.from(text, 'latin1')]);
    await writeFile(raw('caf\xe9.txt'), 'kept\n');
    await writeFile(raw('\xff\xfe'), 'removed\n');
    await folder.git('add', '-A');
    await folder.git('commit', '-qm', 'Old names');
    const { log, store, leftAlone } = await openWriter(folder, 'main');
    await log.transact({ subject: 'x' }, async (snapshot) => {
      const odd = (await snapshot.list('')).find(({ name }) => name.length === 2);
      return { edits: [{ put: 'new.txt', content: 'x\n' }, { remove: odd?.name ?? '' }], value: null };
    });
    store.close();
    expect(leftAlone).toEqual([]);
    expect(await folder.git('ls-tree', '--name-only', 'main')).toBe('big\n"caf\\351.txt"\nlog.txt\nnew.txt');
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('with hundreds of changes at once is refreshed.', async () => {
    await using folder = await gitFolder(files);
    const { log, store, leftAlone } = await openWriter(folder, 'main');
    const many = Array.from({ length: 300 }, (_, n) => `many/${n % 7}/${n}.txt`);
    await log.transact({ subject: 'x' }, async () => ({
      edits: many.map((put) => ({ put, content: put })),
      value: null,
    }));
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect(await folder.read('many/3/3.txt')).toBe('many/3/3.txt');
    await log.transact({ subject: 'x' }, async () => ({
      edits: many.map((remove) => ({ remove })),
      value: null,
    }));
    expect(await folder.exists('many')).toBe(false);
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect(leftAlone).toEqual([]);
    store.close();
  });

  test('whose filters change content on the way in and out still counts as unchanged.', async () => {
    await using folder = await gitFolder({ ...files, '.gitattributes': '*.txt filter=rot\n' });
    await folder.git('config', 'filter.rot.clean', 'tr a-z A-Z');
    await folder.git('config', 'filter.rot.smudge', 'tr A-Z a-z');
    await folder.git('add', '--renormalize', '.');
    await folder.git('commit', '-qm', 'Filtered');
    expect(await folder.git('show', 'main:big/a.txt')).toBe('A');
    const { leftAlone } = await append(folder, 'big/a.txt');
    expect(leftAlone).toEqual([]);
    expect(await folder.read('big/a.txt')).toBe('a\none\n');
  });

  test('whose index a kill has left beside the real one is refreshed.', async () => {
    await using folder = await gitFolder(files);
    await folder.write('.git/index.millwright', 'rubbish');
    await folder.write('.git/index.millwright.lock', 'rubbish');
    await folder.write('.git/millwright-move.json', '{"ref": "refs/he');
    await append(folder);
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('that a person unlocked by hand after a kill is completed or taken back, not guessed at.', async () => {
    await using folder = await gitFolder(files);
    const from = await folder.git('rev-parse', 'main');
    await append(folder);
    const to = await folder.git('rev-parse', 'main');
    await folder.git('reset', '-q', '--soft', from);
    const intent = JSON.stringify({ ref: 'refs/heads/main', from, to });
    await folder.write('.git/millwright-move.json', intent);
    const { log, store } = await openWriter(folder, 'main');
    await log.tip();
    expect(await folder.read('log.txt')).toBe('start\n');
    expect(await folder.git('status', '--porcelain')).toBe('');
    await folder.git('update-ref', 'refs/heads/main', to);
    await folder.write('.git/millwright-move.json', intent);
    await log.tip();
    expect(await folder.read('log.txt')).toBe('start\none\n');
    expect(await folder.git('status', '--porcelain')).toBe('');
    store.close();
  });

  test('of a repository in which a hook forbids the move is as it was.', async () => {
    await using folder = await gitFolder(files);
    await folder.write('.git/hooks/reference-transaction', '#!/bin/sh\nexit 1\n');
    await chmod(join(folder.dir, '.git/hooks/reference-transaction'), 0o755);
    await expect(append(folder)).rejects.toMatchObject({ code: 'push-refused' });
    await rename(join(folder.dir, '.git/hooks'), join(folder.dir, '.git/no-hooks'));
    expect(await folder.read('log.txt')).toBe('start\n');
    expect(await folder.git('status', '--porcelain')).toBe('');
  });
});

async function append(folder: GitFolder, path = 'log.txt') {
  const writer = await openWriter(folder, 'main');
  try {
    await writer.log.transact({ subject: 'Append' }, async () => ({
      edits: [...new Set([path, 'log.txt'])].map((one) => ({ append: one, content: 'one\n' })),
      value: null,
    }));
  } finally {
    writer.store.close();
  }
  return writer;
}
