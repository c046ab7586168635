import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GitFolder } from '../../support/git-folder.ts';
import { openClient, openHub, push, slot, swap } from './clients.ts';

const moved = { result: 'moved' };
const onePush = ['POST git-receive-pack'];

describe('a swap over http', () => {
  test('costs one request, on one connection, and nothing is stored here.', async () => {
    const sockets = new Set<unknown>();
    await using hub = await openHub({ intercept: ({ socket }) => void sockets.add(socket) });
    await using client = await openClient(hub.url);
    for (const id of ['a', 'b', 'c']) {
      expect(await push(client, swap(id, null, id))).toEqual([moved]);
      expect(hub.requests()).toEqual(onePush);
    }
    expect(sockets.size).toBe(1);
    expect(client.otherwise).toEqual([]);
    expect(await client.folder.git('count-objects')).toBe('0 objects, 0 kilobytes');
    expect(await hub.truth.git('log', '--format=%s', slot('c'))).toBe('c');
    await hub.truth.git('fsck', '--strict');
  });

  test('of the same commit to the same new ref is won by exactly one of two.', async () => {
    await using hub = await openHub();
    await using ann = await openClient(hub.url);
    await using ben = await openClient(hub.url);
    for (const id of ['r1', 'r2', 'r3']) {
      const same = swap(id, null, 'same');
      const answers = (await Promise.all([push(ann, same), push(ben, same)])).flat();
      expect(answers.map(({ result }) => result).sort()).toEqual(['lost', 'moved']);
      expect(await push(ben, same)).toEqual([{ result: 'lost', detail: expect.any(String), certain: true }]);
    }
  });

  test('that is late does not fail its neighbours.', async () => {
    await using hub = await openHub();
    await using client = await openClient(hub.url);
    const [held, old] = [swap('b', null, 'ann'), swap('c', null, 'old')];
    await push(client, held, old);
    const answers = await push(
      client,
      swap('a', null, 'ben'),
      swap('b', null, 'ben'),
      swap('c', old.commit, 'ben'),
      swap('d', old.commit, 'ben'),
    );
    expect(answers.map(({ result }) => result)).toEqual(['moved', 'lost', 'moved', 'lost']);
    expect(await hub.truth.git('rev-parse', slot('b'))).toBe(held.commit);
  });

  test('that changes nothing is not won.', async () => {
    await using hub = await openHub();
    await using client = await openClient(hub.url);
    const { commit, update } = swap('a', null, 'x');
    await push(client, swap('a', null, 'x'));
    hub.requests();
    const idle = { ...update, expected: commit };
    const nothing = { ref: slot('b'), expected: null, next: null };
    const answers = await client.refs.push([idle, nothing], []);
    expect(answers.map(({ result }) => result)).toEqual(['lost', 'lost']);
    expect(hub.requests()).toEqual([]);
  });

  test('that a hook refuses has the words of the hook, and its neighbour moves.', async () => {
    await using hub = await openHub();
    await using client = await openClient(hub.url);
    await hook(hub.truth, 'update', 'case "$1" in *secret*) echo "not on a Friday"; exit 1;; esac');
    const answers = await push(client, swap('secret', null, 'x'), swap('open', null, 'x'));
    expect(answers).toEqual([
      {
        result: 'refused',
        detail: expect.stringMatching(/^hook declined: not on a Friday/),
        hint: expect.stringContaining('hook'),
      },
      moved,
    ]);
  });

  test('whose name has no room among the others is refused, with a hint.', async () => {
    await using hub = await openHub();
    await using client = await openClient(hub.url);
    await push(client, swap('a', null, 'x'));
    const [answer] = await push(client, swap('a/b', null, 'x'));
    expect(answer).toMatchObject({ result: 'refused', hint: expect.stringContaining('name') });
  });

  test('that meets a lock is lost for the moment, but not for certain.', async () => {
    await using hub = await openHub();
    await using client = await openClient(hub.url);
    const { commit } = swap('a', null, 'x');
    await push(client, swap('a', null, 'x'));
    await writeFile(join(hub.truth.dir, `${slot('a')}.lock`), '');
    const [answer] = await push(client, swap('a', commit, 'y'));
    expect(answer).toEqual({ result: 'lost', detail: expect.stringContaining('a.lock') });
  });
});

describe('a delete over http', () => {
  test('is won by whoever names the commit that is there.', async () => {
    await using hub = await openHub();
    await using client = await openClient(hub.url);
    const [one, two] = [swap('a', null, 'one'), swap('b', null, 'two')];
    await push(client, one, two);
    const gone = (id: string, expected: string) => ({ ref: slot(id), expected, next: null });
    const updates = [gone('a', two.commit), gone('b', two.commit), gone('c', two.commit)];
    const answers = await client.refs.push(updates, []);
    expect(answers.map(({ result }) => result)).toEqual(['lost', 'moved', 'lost']);
    expect(await hub.truth.git('for-each-ref', '--format=%(refname)')).toBe(slot('a'));
    expect(client.otherwise).toEqual([]);
  });

  test('and a swap that name a commit which the server has forgotten are late, and harm nobody.', async () => {
    await using hub = await openHub();
    await using client = await openClient(hub.url);
    const [old, fresh] = [swap('a', null, 'old'), swap('a', null, 'new')];
    await push(client, old);
    await hub.truth.git('update-ref', '-d', slot('a'));
    await hub.truth.git('gc', '-q', '--prune=now');
    await push(client, fresh);
    const [gone] = await client.refs.push([{ ref: slot('a'), expected: old.commit, next: null }], []);
    const [late, fine] = await push(client, swap('a', old.commit, 'late'), swap('b', null, 'fine'));
    expect([gone?.result, late?.result, fine?.result]).toEqual(['lost', 'lost', 'moved']);
    await hub.truth.git('config', 'receive.fsckObjects', 'true');
    const strict = await push(client, swap('a', old.commit, 'late'), swap('c', null, 'fine'));
    expect(strict.map(({ result }) => result)).toEqual(['lost', expect.stringMatching(/moved|lost/)]);
    expect(await hub.truth.git('rev-parse', slot('a'))).toBe(fresh.commit);
  });
});

describe('reading over http', () => {
  test('brings small refs here, few or many, and leaves branches to git.', async () => {
    await using hub = await openHub();
    await using ann = await openClient(hub.url);
    await using ben = await openClient(hub.url);
    const many = Array.from({ length: 120 }, (_, n) => swap(`c${n}`, null, `${n}`));
    await push(ann, ...many);
    const [one = ''] = many.map(({ update }) => update.ref);
    await hub.truth.git('update-ref', 'refs/heads/main', one);
    expect(await ben.refs.read([slot('c7'), slot('absent')])).toEqual(
      new Map([[slot('c7'), many[7]?.commit]]),
    );
    expect(await ben.folder.git('show', `${many[7]?.commit}:c7.json`)).toBe('7');
    hub.requests();
    const found = await ben.refs.read(many.map(({ update }) => update.ref));
    expect(found).toEqual(new Map(many.map(({ update, commit }) => [update.ref, commit])));
    expect(hub.requests()).toEqual(['POST git-upload-pack', 'POST git-upload-pack']);
    for (const { commit } of many) expect(await ben.store.read(commit)).toBeDefined();
    await ben.refs.read(many.map(({ update }) => update.ref));
    expect(hub.requests()).toEqual(['POST git-upload-pack']);
    await ben.folder.git('fsck', '--strict');
    expect(ben.otherwise).toEqual([]);
    await using cas = await openClient(hub.url);
    expect((await cas.refs.read(['refs/heads/main', slot('c1')])).size).toBe(2);
    expect(cas.otherwise).toEqual(['read']);
  });

  test('looks at refs and folders by their whole names, and fetches nothing.', async () => {
    await using hub = await openHub();
    await using client = await openClient(hub.url);
    await push(client, swap('a', null, 'x'), swap('ab', null, 'x'));
    await hub.truth.git('update-ref', `refs/heads/${slot('a')}`, slot('a'));
    expect([...(await client.refs.look([slot('a')])).keys()]).toEqual([slot('a')]);
    expect([...(await client.refs.look(['refs/millwright/slots/'])).keys()]).toEqual([slot('a'), slot('ab')]);
    expect(await client.refs.look(['refs/millwright/none/'])).toEqual(new Map());
    expect(await client.refs.look([])).toEqual(new Map());
    expect(await client.folder.git('count-objects')).toBe('0 objects, 0 kilobytes');
  });

  test('asks again when a commit is gone that was named a moment before.', async () => {
    let vanish: (() => Promise<unknown>) | undefined;
    await using hub = await openHub({
      intercept: async () => {
        if (asked++ === 1) await vanish?.();
        return undefined;
      },
    });
    let asked = 9;
    await using ann = await openClient(hub.url);
    await using ben = await openClient(hub.url);
    const [old, fresh] = [swap('a', null, 'old'), swap('a', null, 'new')];
    await push(ann, old, swap('b', null, 'b'));
    vanish = async () => {
      await hub.truth.git('update-ref', '-d', slot('a'));
      await hub.truth.git('gc', '-q', '--prune=now');
      await push(ann, fresh);
    };
    asked = 0;
    expect(await ben.refs.read([slot('a')])).toEqual(new Map([[slot('a'), fresh.commit]]));
  });

  test('of a server that speaks an older protocol is left to git; swaps are not.', async () => {
    await using hub = await openHub({ intercept: ({ headers }) => void delete headers['git-protocol'] });
    await using client = await openClient(hub.url);
    expect(await push(client, swap('a', null, 'x'))).toEqual([moved]);
    expect((await client.refs.look([slot('a')])).size).toBe(1);
    expect((await client.refs.read([slot('a')])).size).toBe(1);
    expect(client.otherwise).toEqual(['look', 'read']);
    expect(hub.requests().filter((request) => request === 'POST git-upload-pack').length).toBeLessThan(3);
  });
});

async function hook(folder: GitFolder, name: string, body: string): Promise<void> {
  const path = join(folder.dir, 'hooks', name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
}
