import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blobOid } from '../../src/git/blob-oid.ts';
import { applyEdits } from '../../src/git/edit.ts';
import { ObjectReader } from '../../src/git/object-reader.ts';
import { emptyTree, ObjectStore } from '../../src/git/object-store.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Snapshot } from '../../src/git/snapshot.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';
import { damage } from './suites/damage.ts';

describe('an object reader', () => {
  test('reads 20 MB whole, next to small and empty objects.', async () => {
    await using folder = await gitFolder({ 'a.txt': 'one\n' });
    const { reader, store } = await open(folder);
    const big = randomBytes(20 * 1024 * 1024);
    const oids = [
      await store.writeBlob(big),
      await store.writeBlob(Buffer.alloc(0)),
      blobOid(Buffer.from('one\n')),
    ];
    const found = await Promise.all(oids.map((oid) => reader.read(oid)));
    expect(found.map((object) => object?.body.length)).toEqual([big.length, 0, 4]);
    expect(found[0]?.body.equals(big)).toBe(true);
    reader.close();
    store.close();
  });

  test('answers many questions at once, each with its own object, and none for what is not there.', async () => {
    await using folder = await gitFolder({ 'a.txt': 'one\n' });
    const { reader, store } = await open(folder);
    const texts = Array.from({ length: 500 }, (_, n) => `text ${n}\n`.repeat(1 + (n % 40)));
    const oids = await Promise.all(texts.map((text) => store.writeBlob(Buffer.from(text))));
    const missing = 'f'.repeat(40);
    const asked = oids.flatMap((oid) => [oid, missing]);
    const found = await Promise.all(asked.map((oid) => reader.read(oid)));
    expect(found.map((object) => object?.body.toString())).toEqual(
      texts.flatMap((text) => [text, undefined]),
    );
    expect((await reader.read('HEAD:a.txt'))?.body.toString()).toBe('one\n');
    expect((await reader.read('HEAD^{tree}'))?.type).toBe('tree');
    for (const name of ['HEAD:nowhere', 'no such branch', '', 'HEAD:a.txt\nHEAD'])
      expect(await reader.read(name)).toBeUndefined();
    expect((await reader.read('HEAD:a.txt'))?.body.toString()).toBe('one\n');
    reader.close();
    store.close();
  });

  test('answers what is open when it is closed, and starts again when it is asked again.', async () => {
    await using folder = await gitFolder({ 'a.txt': 'one\n' });
    const { reader, store } = await open(folder);
    const open1 = reader.read('HEAD:a.txt');
    reader.close();
    const open2 = reader.read('HEAD:a.txt');
    const again = await Promise.all([open1, open2]);
    expect(again.map((object) => object?.body.toString())).toEqual(['one\n', 'one\n']);
    reader.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await reader.read('HEAD:a.txt'))?.body.toString()).toBe('one\n');
    reader.close();
    store.close();
  });

  test('fails what is open when git stops, with an error that says what was read.', async () => {
    const reader = new ObjectReader('/nowhere');
    await expect(reader.read('HEAD')).rejects.toMatchObject({
      code: 'git-failed',
      message: expect.stringContaining('HEAD'),
    });
  });
});

describe('an object that is missing or damaged', () => {
  test('never passes for an empty file or folder.', async () => {
    await using folder = await gitFolder({ 'log.jsonl': 'one\n', 'sub/b.txt': 'two\n' });
    const tree = await folder.git('rev-parse', 'HEAD^{tree}');
    const blob = await folder.git('rev-parse', 'HEAD:log.jsonl');
    const sub = await folder.git('rev-parse', 'HEAD:sub');
    await damage(folder, blob);
    await damage(folder, sub);
    const { reader, store } = await open(folder);
    const snapshot = new Snapshot(store, tree);
    const gone = { code: 'object-missing' };
    await expect(snapshot.text('log.jsonl')).rejects.toMatchObject(gone);
    await expect(snapshot.list('sub')).rejects.toMatchObject(gone);
    await expect(applyEdits(store, tree, [{ append: 'log.jsonl', content: 'x' }])).rejects.toMatchObject(
      gone,
    );
    await expect(applyEdits(store, tree, [{ put: 'sub/c.txt', content: 'x' }])).rejects.toMatchObject(gone);
    await expect(applyEdits(store, 'f'.repeat(40), [{ put: 'x', content: 'x' }])).rejects.toMatchObject(gone);
    expect(await store.sizes([blob, tree])).toEqual(new Map([[tree, expect.any(Number)]]));
    reader.close();
    store.close();
  });
});

describe('an object store', () => {
  test('writes what git reads, under the name that git gives it.', async () => {
    await using folder = await gitFolder({ 'a.txt': 'one\n' });
    const { reader, store } = await open(folder);
    const content = Buffer.from('é\0\r\n');
    const oid = await store.writeBlob(content);
    expect(oid).toBe(blobOid(content));
    await folder.write('b.bin', 'é\0\r\n');
    expect(await folder.git('hash-object', 'b.bin')).toBe(oid);
    expect(await store.writePack([content, Buffer.from('two\n')])).toEqual([
      oid,
      blobOid(Buffer.from('two\n')),
    ]);
    expect(await store.sizes([oid, emptyTree, oid])).toEqual(
      new Map([
        [oid, content.length],
        [emptyTree, 0],
      ]),
    );
    expect(await store.writeTree([])).toBe(emptyTree);
    reader.close();
    store.close();
  });

  test('reads from packs and from a repository that it borrows objects from, and writes in the shared folder.', async () => {
    await using folder = await gitFolder({ 'a.txt': 'one\n' });
    await folder.git('gc', '-q');
    await folder.git('clone', '-q', '--shared', '.', '../borrower');
    await folder.git('-C', '../borrower', 'worktree', 'add', '-q', '--detach', '../linked');
    const store = new ObjectStore(await openRepository(join(folder.dir, '../linked')));
    expect((await store.read('HEAD:a.txt'))?.body.toString()).toBe('one\n');
    const oid = await store.writeBlob(Buffer.from('new\n'));
    expect(await readdir(join(folder.dir, '../borrower/.git/objects', oid.slice(0, 2)))).toEqual([
      oid.slice(2),
    ]);
    store.close();
  });
});

async function open(folder: GitFolder) {
  const repository = await openRepository(folder.dir);
  return { reader: new ObjectReader(repository.root), store: new ObjectStore(repository) };
}
