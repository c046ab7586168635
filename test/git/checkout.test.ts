import { chmod, mkdir, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Edit } from '../../src/git/edit.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';
import { localPlace, openWriter, type Place, type Writer } from './suites/places.ts';

const files = { 'log.jsonl': '1\n', 'mine.md': 'mine\n', 'old/gone.txt': 'old\n', 'same.txt': 'same\n' };

/** What the machine writes in these tests. */
const edits: Edit[] = [
  { append: 'log.jsonl', content: '2\n' },
  { put: 'new/deep.txt', content: 'new\n' },
  { remove: 'old/gone.txt' },
];

describe('a checkout of the branch', () => {
  test('follows a transaction and is clean afterwards.', async () => {
    await using place = await localPlace(files);
    const { folder, leftAlone } = await transact(place, edits);
    expect(await folder.read('log.jsonl')).toBe('1\n2\n');
    expect(await folder.read('new/deep.txt')).toBe('new\n');
    expect(await folder.exists('old')).toBe(false);
    await expectClean(folder);
    expect(leftAlone).toEqual([]);
  });

  test('keeps what the user has staged elsewhere, edited elsewhere and not added.', async () => {
    await using place = await localPlace(files);
    await place.truth.write('mine.md', 'staged\n');
    await place.truth.git('add', 'mine.md');
    await place.truth.write('mine.md', 'edited\n');
    await place.truth.write('same.txt', 'unstaged\n');
    await place.truth.write('draft.txt', 'draft\n');
    const { folder, leftAlone } = await transact(place, edits);
    expect(await status(folder)).toBe('MM mine.md\n M same.txt\n?? draft.txt');
    expect(await folder.git('show', ':mine.md')).toBe('staged');
    expect(await folder.read('mine.md')).toBe('edited\n');
    expect(leftAlone).toEqual([]);
  });

  test('keeps an edit of a file that the machine writes, and names it.', async () => {
    await using place = await localPlace(files);
    await place.truth.write('log.jsonl', '1\nmy note\n');
    await place.truth.write('old/gone.txt', 'still needed\n');
    const { folder, leftAlone } = await transact(place, edits);
    expect(leftAlone).toEqual([
      { path: 'old/gone.txt', reason: 'edited' },
      { path: 'log.jsonl', reason: 'edited' },
    ]);
    expect(await folder.read('log.jsonl')).toBe('1\nmy note\n');
    expect(await folder.read('old/gone.txt')).toBe('still needed\n');
    expect(await status(folder)).toBe(' M log.jsonl\n?? old/');
  });

  test('keeps what the user has staged of a file that the machine writes, and names it.', async () => {
    await using place = await localPlace(files);
    await place.truth.write('log.jsonl', '1\nstaged\n');
    await place.truth.git('add', 'log.jsonl');
    await place.truth.git('rm', '-q', '--cached', 'old/gone.txt');
    const { folder, leftAlone } = await transact(place, edits);
    expect(leftAlone).toEqual([{ path: 'log.jsonl', reason: 'staged' }]);
    expect(await folder.git('show', ':log.jsonl')).toBe('1\nstaged');
    expect(await folder.read('log.jsonl')).toBe('1\nstaged\n');
    expect(await folder.read('old/gone.txt')).toBe('old\n');
  });

  test('does not bring back a file that the user has deleted, and names it.', async () => {
    await using place = await localPlace(files);
    await rm(join(place.truth.dir, 'log.jsonl'));
    await rm(join(place.truth.dir, 'old'), { recursive: true });
    const { folder, leftAlone } = await transact(place, edits);
    expect(leftAlone).toEqual([{ path: 'log.jsonl', reason: 'deleted' }]);
    expect(await status(folder)).toBe(' D log.jsonl');
  });

  test.each([
    ['a file', (user: GitFolder) => user.write('new/deep.txt', 'mine\n'), ' M new/deep.txt'],
    ['a folder', (user: GitFolder) => user.write('new/deep.txt/inside', 'mine\n'), ' D new/deep.txt'],
    ['a file for its folder', (user: GitFolder) => user.write('new', 'mine\n'), ' D new/deep.txt\n?? new'],
    ['a link for its folder', (user: GitFolder) => link(user, 'old', 'new'), ' D new/deep.txt\n?? new'],
    ['a link', (user: GitFolder) => link(user, '../mine.md', 'new/deep.txt'), ' T new/deep.txt'],
  ])('leaves %s of the user where it is in the way, and names it.', async (_, put, shown) => {
    await using place = await localPlace(files);
    await put(place.truth);
    const { folder, leftAlone } = await transact(place, edits);
    expect(leftAlone).toEqual([{ path: 'new/deep.txt', reason: 'in the way' }]);
    expect(await status(folder)).toBe(shown);
    expect(await folder.read('mine.md')).toBe('mine\n');
  });

  test('keeps a staged file whose name the machine wants for a folder, and the other way round.', async () => {
    await using place = await localPlace(files);
    await place.truth.write('new', 'my file\n');
    await place.truth.write('other/mine.txt', 'my folder\n');
    await place.truth.git('add', 'new', 'other');
    const { folder, leftAlone } = await transact(place, [...edits, { put: 'other', content: 'x\n' }]);
    expect(leftAlone).toEqual([
      { path: 'new/deep.txt', reason: 'staged' },
      { path: 'other', reason: 'staged' },
    ]);
    expect(await folder.git('ls-files', 'new', 'other')).toBe('new\nother/mine.txt');
    expect(await folder.read('new')).toBe('my file\n');
  });

  test('is refreshed in every work tree that has the branch, and in no other.', async () => {
    await using place = await localPlace(files);
    await place.truth.git('worktree', 'add', '-q', '-b', 'aside', '../aside');
    await place.truth.git('worktree', 'add', '-q', '-f', '../second', 'main');
    const { folder } = await transact(place, edits);
    for (const dir of ['.', '../second']) {
      expect(await folder.read(`${dir}/log.jsonl`)).toBe('1\n2\n');
      expect(await folder.git('-C', dir, 'status', '--porcelain')).toBe('');
    }
    expect(await folder.read('../aside/log.jsonl')).toBe('1\n');
    expect(await folder.git('-C', '../aside', 'status', '--porcelain')).toBe('');
  });

  test('whose folder was deleted without a word to git does not stop anything.', async () => {
    await using place = await localPlace(files, 'ledger');
    await place.truth.git('worktree', 'add', '-q', '../gone', 'ledger');
    await rm(join(place.truth.dir, '../gone'), { recursive: true });
    await transact(place, edits);
    expect(await place.truth.git('show', 'ledger:log.jsonl')).toBe('1\n2');
  });

  test('of a bare repository is refreshed as well.', async () => {
    await using bare = await gitFolder(files, { bare: true });
    await bare.git('worktree', 'add', '-q', '../tree', 'main');
    const { log, store } = await openWriter(bare, 'main');
    await log.transact({ subject: 'Write' }, async () => ({ edits, value: null }));
    store.close();
    expect(await bare.read('../tree/log.jsonl')).toBe('1\n2\n');
    expect(await bare.git('-C', '../tree', 'status', '--porcelain')).toBe('');
  });
});

describe('a file of the checkout', () => {
  test('may become a folder, and a folder a file.', async () => {
    await using place = await localPlace(files);
    const { folder, leftAlone, log } = await transact(place, [
      { put: 'mine.md/inside.txt', content: 'x\n' },
      { put: 'old', content: 'file\n' },
    ]);
    expect([await folder.read('mine.md/inside.txt'), await folder.read('old')]).toEqual(['x\n', 'file\n']);
    await expectClean(folder);
    await log.transact({ subject: 'Back' }, async () => ({
      edits: [
        { put: 'mine.md', content: 'mine\n' },
        { put: 'old/gone.txt', content: 'old\n' },
      ],
      value: null,
    }));
    expect(await folder.read('mine.md')).toBe('mine\n');
    await expectClean(folder);
    expect(leftAlone).toEqual([]);
  });

  test('is executable when the committed one is, and stays so under new content.', async () => {
    await using place = await localPlace(files);
    await chmod(join(place.truth.dir, 'mine.md'), 0o755);
    await place.truth.git('commit', '-qam', 'Executable');
    const writer = await transact(place, [{ append: 'mine.md', content: 'more\n' }]);
    const { folder, store, log } = writer;
    expect(await isExecutable(writer, 'mine.md')).toBe(true);
    await expectClean(folder);
    const oid = await store.writeBlob(Buffer.from('mine\nmore\n'));
    await log.transact({ subject: 'Mode only' }, async () => ({
      edits: [
        { put: 'mine.md', oid, mode: '100644' },
        { put: 'run.sh', oid, mode: '100755' },
      ],
      value: null,
    }));
    expect([await isExecutable(writer, 'mine.md'), await isExecutable(writer, 'run.sh')]).toEqual([
      false,
      true,
    ]);
    await expectClean(folder);
  });

  test('that the user has made executable is left alone, unless modes mean nothing here.', async () => {
    await using place = await localPlace(files);
    await chmod(join(place.truth.dir, 'log.jsonl'), 0o755);
    const writer = await transact(place, edits);
    expect(writer.leftAlone).toEqual([{ path: 'log.jsonl', reason: 'edited' }]);
    expect(await isExecutable(writer, 'log.jsonl')).toBe(true);
    await place.truth.git('checkout', '-q', 'log.jsonl');
    await place.truth.git('config', 'core.fileMode', 'false');
    await chmod(join(place.truth.dir, 'log.jsonl'), 0o755);
    const { folder, leftAlone } = await transact(place, [{ append: 'log.jsonl', content: '3\n' }]);
    expect(leftAlone).toEqual([]);
    expect(await folder.read('log.jsonl')).toBe('1\n2\n3\n');
  });

  test.each([
    ['* -text\n', '1\n2\n'],
    ['* text=auto\n', '1\r\n2\r\n'],
  ])('has the line ends that the attributes %j ask for, and is clean.', async (attributes, wanted) => {
    await using place = await localPlace({ ...files, '.gitattributes': attributes });
    await place.truth.git('config', 'core.autocrlf', 'true');
    const { folder, leftAlone } = await transact(place, edits);
    expect(await folder.read('log.jsonl')).toBe(wanted);
    await expectClean(folder);
    const again = await transact(place, [
      { remove: 'log.jsonl' },
      { append: 'new/deep.txt', content: 'x\n' },
    ]);
    expect(await folder.exists('log.jsonl')).toBe(false);
    await expectClean(folder);
    expect([...leftAlone, ...again.leftAlone]).toEqual([]);
  });

  test('with line ends that git would change on the way in still counts as unchanged.', async () => {
    await using place = await localPlace({ ...files, 'inbox/dos.json': '{}\r\n' });
    await place.truth.git('config', 'core.autocrlf', 'true');
    const { folder, leftAlone } = await transact(place, [{ remove: 'inbox/dos.json' }]);
    expect(leftAlone).toEqual([]);
    expect(await folder.exists('inbox')).toBe(false);
  });

  test('that was edited in the second in which it was committed is still seen as edited.', async () => {
    await using place = await localPlace(files);
    await place.truth.git('config', 'core.trustctime', 'false');
    await sleep(1_010 - (Date.now() % 1_000));
    await place.truth.write('mine.md', 'aaaa\n');
    await place.truth.git('commit', '-qam', 'Mine');
    await place.truth.write('mine.md', 'bbbb\n');
    expect(Math.floor((await stat(join(place.truth.dir, 'mine.md'))).mtimeMs / 1_000)).toBe(
      Math.floor((await stat(join(place.truth.dir, '.git/index'))).mtimeMs / 1_000),
    );
    await sleep(1_010 - (Date.now() % 1_000));
    const { folder } = await transact(place, edits);
    expect(await status(folder)).toBe(' M mine.md');
  });
});

async function transact(place: Place, changes: readonly Edit[]): Promise<Writer> {
  const writer = await place.writer();
  await writer.log.transact({ subject: 'Write' }, async () => ({ edits: changes, value: null }));
  return writer;
}

async function link({ dir }: GitFolder, target: string, path: string): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await symlink(target, join(dir, path));
}

/** Not trimmed at the front: the first column is staged, the second is not. */
async function status(folder: Writer['folder']): Promise<string> {
  return (await folder.gitCode('status', '--porcelain')).stdout.trimEnd();
}

async function expectClean(folder: Writer['folder']): Promise<void> {
  expect(await status(folder)).toBe('');
}

async function isExecutable({ folder }: Writer, path: string): Promise<boolean> {
  return ((await stat(join(folder.dir, path))).mode & 0o100) !== 0;
}
