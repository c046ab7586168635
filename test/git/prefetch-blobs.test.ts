import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ObjectStore } from '../../src/git/object-store.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Snapshot } from '../../src/git/snapshot.ts';
import { bareRemote, gitFolder } from '../support/git-folder.ts';
import { httpGitServer } from '../support/http-git-server.ts';

describe('a partial clone', () => {
  test('fetches blobs that are about to be read in one go, and only those that are missing.', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `queue/slots/s${n}.json`);
    await using first = await gitFolder(
      Object.fromEntries(names.map((name) => [name, `{"of":"${name}"}\n`])),
    );
    await using remote = await bareRemote();
    await remote.git('config', 'uploadpack.allowFilter', 'true');
    await remote.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    await first.git('push', '-q', remote.dir, 'main');
    await using server = await httpGitServer({ root: dirname(remote.dir) });
    const dir = join(dirname(first.dir), 'partial');
    const clone = ['clone', '-q', '--bare', '--depth=1', '--filter=blob:none'];
    await first.git(...clone, `${server.url}/remote.git`, dir);
    const store = new ObjectStore(await openRepository(dir));
    const tree = await store.treeOf(await first.git('rev-parse', 'main'));
    const snapshot = new Snapshot(store, tree);
    const oids = (await snapshot.list('queue/slots')).map(({ oid }) => oid);
    const before = server.requests.length;
    await snapshot.prefetch(oids);
    const fetched = server.requests.length - before;
    expect(fetched).toBeGreaterThan(0);
    expect(fetched).toBeLessThan(5);
    for (const name of names) expect(await snapshot.text(name)).toBe(`{"of":"${name}"}\n`);
    await snapshot.prefetch(oids);
    expect(server.requests.length - before).toBe(fetched);
    store.close();
  });

  test('is nothing that a complete repository has to care about.', async () => {
    await using folder = await gitFolder({ 'a.txt': 'a\n' });
    const store = new ObjectStore(await openRepository(folder.dir));
    await expect(store.prefetch(Array.from({ length: 9 }, () => '0'.repeat(40)))).resolves.toBeUndefined();
    store.close();
  });
});
