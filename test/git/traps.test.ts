import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { blobOid } from '../../src/git/blob-oid.ts';
import { emptyTree, ObjectStore } from '../../src/git/object-store.ts';
import { openRepository } from '../../src/git/repository.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';
import { dyingWrite, stockObjectName } from './fixtures/dying-write.ts';
import { byHttp, byPath, localPlace, type Place, remotePlace, type Writer } from './suites/places.ts';

const script = fileURLToPath(new URL('fixtures/dying-write.ts', import.meta.url));

describe('two pushes of the same commit', () => {
  test('both succeed for stock git, and only one of them is a win here.', async () => {
    await using place = await remotePlace({}, byPath);
    const [ann, ben, cat] = [await place.writer(), await place.writer(), await place.writer()];
    const commit = await sameCommit(ann, ben, cat);
    const update = { ref: 'refs/millwright/slots/s', expected: null, next: commit };
    const lease = `--force-with-lease=${update.ref}:`;
    expect(await ann.refs.push([update])).toEqual([{ result: 'moved' }]);
    expect((await cat.folder.gitCode('push', lease, 'origin', `${commit}:${update.ref}`)).code).toBe(0);
    expect(await ben.refs.push([update])).toMatchObject([{ result: 'lost' }]);
  });

  test.each([
    ['by path', byPath],
    ['over http', byHttp()],
  ])('at the same moment %s are one win at most.', async (_, address) => {
    await using place = await remotePlace({}, address);
    const racers = await Promise.all(Array.from({ length: 4 }, () => place.writer()));
    const commit = await sameCommit(...racers);
    const update = { ref: 'refs/millwright/slots/s', expected: null, next: commit };
    const verdicts = (await Promise.all(racers.map(({ refs }) => refs.push([update])))).flat();
    expect(verdicts.filter(({ result }) => result === 'moved')).toHaveLength(1);
    expect(verdicts.filter(({ result }) => result === 'lost')).toHaveLength(3);
  });
});

describe('the verdict on a ref', () => {
  test('is its own: neither the exit code nor the neighbours decide.', async () => {
    await using place = await remotePlace({ 'a.txt': 'one\n' }, byPath);
    const { refs, folder } = await place.writer();
    await folder.git('fetch', '-q', 'origin');
    const next = await folder.git('rev-parse', 'origin/main');
    await place.truth.git('config', 'receive.hideRefs', 'refs/secret');
    const verdicts = await refs.push([
      { ref: 'refs/heads/new', expected: null, next },
      { ref: 'refs/heads/main', expected: null, next },
      { ref: 'refs/heads/gone', expected: next, next: null },
      { ref: 'refs/secret/x', expected: null, next },
      { ref: 'refs/heads/none', expected: null, next: null },
    ]);
    expect(verdicts.map(({ result }) => result)).toEqual(['moved', 'lost', 'lost', 'refused', 'lost']);
  });

  test.each<[string, (files: Record<string, string>) => Promise<Place>]>([
    ['here', (files) => localPlace(files)],
    ['at a remote', (files) => remotePlace(files, byPath)],
  ])('names the branch that leaves no room for another %s.', async (_, open) => {
    await using place = await open({ 'a.txt': 'one\n' });
    await place.truth.git('branch', 'millwright', 'main');
    const { refs } = await place.writer();
    const next = (await refs.read(['refs/heads/main'])).get('refs/heads/main') ?? '';
    const [verdict] = await refs.push([{ ref: 'refs/heads/millwright/ledger', expected: null, next }]);
    expect(verdict).toEqual({
      result: 'refused',
      detail: expect.stringContaining('exists; cannot create'),
      hint: expect.stringContaining('rename'),
    });
  });

  test('is no deletion when nothing was named to delete.', async () => {
    await using place = await localPlace({ 'a.txt': 'one\n' });
    const { refs } = await place.writer();
    const [verdict] = await refs.push([{ ref: 'refs/heads/main', expected: null, next: null }]);
    expect(verdict).toMatchObject({ result: 'lost' });
    expect((await refs.read(['refs/heads/main'])).size).toBe(1);
    expect((await refs.read([])).size).toBe(0);
  });

  test('comes from a clone that was made as a mirror, too.', async () => {
    await using place = await remotePlace({ 'a.txt': 'one\n' }, byPath);
    const { refs, folder, store } = await place.writer();
    await folder.git('config', 'remote.origin.mirror', 'true');
    const author = { name: 'x', email: 'x' };
    const next = await store.writeCommit({
      tree: emptyTree,
      parents: [],
      message: 'x\n',
      author,
      at: new Date(),
    });
    expect(await refs.push([{ ref: 'refs/heads/x', expected: null, next }])).toEqual([{ result: 'moved' }]);
    expect(await place.truth.git('for-each-ref', '--format=%(refname)')).toBe(
      'refs/heads/main\nrefs/heads/x',
    );
  });
});

describe('a process that is killed while it writes an object', () => {
  test('leaves half an object for good when isomorphic-git writes to the plain file system.', async () => {
    await using folder = await gitFolder();
    await killedWrite(folder, 'plain');
    expect(await stockObjectName(folder.dir)).toBe(blobOid(dyingWrite));
    const read = await folder.gitCode('cat-file', 'blob', blobOid(dyingWrite));
    expect(read.code).not.toBe(0);
  });

  test('leaves no object, only rubbish that git knows how to sweep, when the kernel writes.', async () => {
    await using folder = await gitFolder();
    await killedWrite(folder, 'kernel');
    const oid = blobOid(dyingWrite);
    const place = join(folder.dir, '.git/objects', oid.slice(0, 2));
    expect(await readdir(place)).toEqual([expect.stringMatching(/^tmp_obj_/)]);
    expect(await folder.gitCode('fsck', '--strict')).toMatchObject({ code: 0, stdout: '' });
    const store = new ObjectStore(await openRepository(folder.dir));
    expect(await store.writeBlob(dyingWrite)).toBe(oid);
    expect((await store.existing(oid)).body.equals(dyingWrite)).toBe(true);
    store.close();
    await folder.git('prune', '--expire=now', oid);
    expect((await readdir(place)).filter((name) => name.startsWith('tmp_'))).toEqual([]);
  });
});

/** The same commit in all their repositories: no nonce keeps these apart. */
async function sameCommit(...writers: readonly Writer[]): Promise<string> {
  const author = { name: 'x', email: 'x@example.invalid' };
  const draft = { tree: emptyTree, parents: [], message: 'Same\n', author, at: new Date(0) };
  const oids = new Set<string>();
  for (const { store } of writers) {
    await store.writeTree([]);
    oids.add(await store.writeCommit(draft));
  }
  expect(oids.size).toBe(1);
  return [...oids].join();
}

async function killedWrite(folder: GitFolder, how: 'plain' | 'kernel'): Promise<void> {
  const run = promisify(execFile)(process.execPath, ['--import', 'tsx', script, folder.dir, how]);
  await expect(run).rejects.toMatchObject({ signal: 'SIGKILL' });
}
