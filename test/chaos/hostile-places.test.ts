import '../e2e/test-environment.ts';
import { chmod, cp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { jsonOf, runCliIn } from '../cli/run-cli-in.ts';
import { type BuiltTree, builtTree } from '../e2e/built-tree.ts';
import { smallDisk } from '../e2e/small-disk.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { runProcess } from '../support/run-process.ts';
import { readLedger } from './ledger-ends.ts';
import { foldIn, type Scene, scene } from './scenes.ts';

// Much of it is waiting for leases, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let built: BuiltTree;
beforeAll(async () => {
  built = await builtTree();
});
afterAll(() => built[Symbol.asyncDispose]());

const claim = ['queue', 'claim', '--worker', 'me', '--json'];
const complete = ['queue', 'complete', 'item-v1', '--pass', '--worker', 'me', '--json'];

interface Said {
  readonly code: number;
  readonly said: Record<string, unknown> & {
    readonly error?: { readonly code: string; readonly hint: string };
  };
}

async function command(dir: string, words: readonly string[]): Promise<Said> {
  const answer = await runCliIn(dir, words);
  return { code: answer.code, said: jsonOf(answer) as Said['said'] };
}

async function workplace(over: 'http' | 'path', settings = ''): Promise<{ all: Scene; clone: GitFolder }> {
  const all = await scene({ over, clones: 1, settings });
  await all.put({ item: 'item', slots: 1, lease: 300 });
  return { all, clone: all.clones[0] as GitFolder };
}

/** The whole way of one slot, by the commands. */
async function worksEndToEnd({ remote }: Scene, clone: GitFolder): Promise<void> {
  expect(await command(clone.dir, claim)).toMatchObject({ code: 0, said: { slot_id: 'item-v1' } });
  const renew = ['queue', 'renew', 'item-v1', '--worker', 'me', '--json'];
  expect(await command(clone.dir, renew)).toMatchObject({ code: 0, said: { cancelled: false } });
  expect(await command(clone.dir, complete)).toMatchObject({ code: 0, said: { state: 'shipped' } });
  await isFolded(remote, clone);
}

async function isFolded(remote: GitFolder, clone: GitFolder): Promise<void> {
  await foldIn(clone);
  const ledger = await readLedger(remote);
  expect(ledger.ends.get('item-v1')).toMatchObject([{ event: 'shipped', worker_id: 'me' }]);
  expect({ live: ledger.live, outcomes: ledger.outcomes }).toEqual({ live: [], outcomes: ['item-v1'] });
}

async function cellsOf(remote: GitFolder): Promise<string> {
  return remote.git('for-each-ref', '--format=%(refname)', 'refs/millwright', 'refs/heads/millwright');
}

describe('a remote', () => {
  test('whose hook refuses every push has its words shown; nobody holds anything, and later all is well.', async () => {
    const { all, clone } = await workplace('http');
    await using _ = all;
    await all.hook('pre-receive', 'echo "closed for the holidays" >&2; exit 1');
    expect(await command(clone.dir, claim)).toMatchObject({
      code: 1,
      said: { error: { code: 'push-refused', message: expect.stringContaining('closed for the holidays') } },
    });
    expect(await cellsOf(all.remote)).toBe('');
    await all.hook('pre-receive', 'exit 0');
    await worksEndToEnd(all, clone);
  });

  test('that protects its main branch lets slots be worked on; folding says what to set, and waits.', async () => {
    const { all, clone } = await workplace('http');
    await using _ = all;
    await all.hook(
      'update',
      'case "$1" in refs/heads/main) echo "GH006: protected branch" >&2; exit 1;; esac',
    );
    expect(await command(clone.dir, claim)).toMatchObject({ code: 0 });
    expect(await command(clone.dir, complete)).toMatchObject({ code: 0, said: { state: 'shipped' } });
    expect(await command(clone.dir, ['run', '--json'])).toMatchObject({
      code: 1,
      said: { error: { code: 'push-refused', message: expect.stringContaining('protected branch') } },
    });
    expect(await cellsOf(all.remote)).toBe('refs/millwright/slots/item-v1');
    await all.hook('update', 'exit 0');
    await isFolded(all.remote, clone);
    expect(await cellsOf(all.remote)).toBe('');
  });

  test.each([
    ['hides them', 'http'],
    ['hides them', 'path'],
    ['has a hook against them', 'http'],
    ['has a hook against them', 'path'],
  ] as const)(
    'that takes no refs but branches, because it %s, over %s, has its setting named, and then works.',
    async (how, over) => {
      const { all, clone } = await workplace(over);
      await using _ = all;
      if (how === 'hides them') await all.remote.git('config', 'receive.hideRefs', 'refs/millwright');
      else
        await all.hook('update', 'case "$1" in refs/heads/*) ;; *) echo "branches only" >&2; exit 1;; esac');
      expect(await command(clone.dir, claim)).toMatchObject({
        code: 1,
        said: {
          error: {
            code: 'push-refused',
            hint: expect.stringContaining('ref_namespace: refs/heads/millwright'),
          },
        },
      });
      await clone.git('pull', '-q', '--ff-only', all.remote.dir, 'main');
      await clone.write('millwright.yaml', 'ref_namespace: refs/heads/millwright\n');
      await clone.git('commit', '-q', '-am', 'Cells as branches');
      await clone.git('push', '-q', all.remote.dir, 'main');
      await worksEndToEnd(all, clone);
      expect(await cellsOf(all.remote)).toBe('');
    },
  );
});

describe('a worker whose disk is full', () => {
  test.each([0, 8_192])(
    'with %i bytes free says so, or works; with space again everything goes on.',
    async (free) => {
      await using disk = await smallDisk(24);
      const { all, clone } = await workplace('http');
      await using _ = all;
      if (disk === undefined) return fullByLimit(all, clone);
      const dir = join(disk.dir, 'work');
      await cp(clone.dir, dir, { recursive: true, verbatimSymlinks: true });
      await disk.leave(free);
      const full = await command(dir, claim);
      if (full.code !== 0) expect(full).toMatchObject({ code: 1, said: { error: { code: 'disk-full' } } });
      await disk.leave(Number.POSITIVE_INFINITY);
      // Its own claim, if that had gone out before the disk was full, is found again by the name of the worker.
      expect(await command(dir, [...claim, 'item-v1'])).toMatchObject({ code: 0, said: { token: 1 } });
      expect(await command(dir, complete)).toMatchObject({ code: 0, said: { state: 'shipped' } });
      await isFolded(all.remote, { ...clone, dir });
    },
  );
});

/** Where no disk can be mounted: a limit on the size of a file stops writes in the same place. */
async function fullByLimit({ remote }: Scene, clone: GitFolder): Promise<void> {
  const words = [process.execPath, built.path('src/cli/main.ts'), ...claim];
  const full = await runProcess('sh', ['-c', 'ulimit -f 0; exec "$@"', 'sh', ...words], {
    cwd: clone.dir,
    env: clone.env,
  }).catch(() => ({ code: 1 }));
  expect(full.code).not.toBe(0);
  expect(await command(clone.dir, [...claim, 'item-v1'])).toMatchObject({ code: 0, said: { token: 1 } });
  expect(await command(clone.dir, complete)).toMatchObject({ code: 0 });
  await isFolded(remote, clone);
}

describe.each(['http', 'path'] as const)(
  'a clone whose fetch over %s was broken off, or is under way',
  (over) => {
    test.each(['refs/heads/main', 'refs/millwright/slots/item-v1'])(
      'so that the commit of %s is there and its tree is not, gets the rest.',
      async (ref) => {
        await using all = await scene({ over, clones: 2 });
        await all.put({ item: 'item', slots: 1, lease: 300 });
        const [other, clone] = all.clones as [GitFolder, GitFolder];
        expect(await command(other.dir, claim)).toMatchObject({ code: 0 });
        // Git unpacks small packs object by object, and commits come first.
        const commit = join(dirname(clone.dir), 'commit');
        await writeFile(commit, `${await all.remote.git('cat-file', 'commit', ref)}\n`);
        const oid = await clone.git('hash-object', '-t', 'commit', '-w', '--literally', commit);
        expect(oid).toBe(await all.remote.git('rev-parse', ref));
        expect(await command(clone.dir, ['queue', 'list', '--json'])).toMatchObject({
          code: 0,
          said: { slots: [{ slot_id: 'item-v1', worker_id: 'me', token: 1 }] },
        });
      },
    );
  },
);

describe('a worker in a clone that it may only read', () => {
  test.each(['behind', 'up to date'])(
    'and that is %s is told so, and leaves the work to others.',
    async (how) => {
      const { all, clone } = await workplace('http');
      await using _ = all;
      if (how === 'up to date') await clone.git('pull', '-q', '--ff-only', all.remote.dir, 'main');
      const answer = await asReader(clone, ['queue', 'claim', '--json']);
      const said = JSON.parse(answer.stdout) as Said['said'];
      expect({ code: answer.code, said }).toMatchObject({
        code: 1,
        said: { error: { code: 'no-permission', hint: expect.any(String) } },
      });
      // Whether it gave its claim back or never had one: another can have the slot at once.
      await worksEndToEnd(all, clone);
    },
  );
});

/** Root may write everywhere: it hands over to somebody who may not. Anybody else gives the right up. */
async function asReader(clone: GitFolder, words: readonly string[]) {
  const root = process.getuid?.() === 0;
  const top = dirname(clone.dir);
  const mode = (bits: string) => runProcess('chmod', ['-R', bits, top], { env: process.env });
  await mode(root ? 'a+rX' : 'a-w');
  await mode('a+rX');
  await chmod(dirname(built.path('package.json')), 0o755);
  const nobody = root ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env'];
  const [program = '', ...before] = [...nobody, process.execPath, built.path('src/cli/main.ts')];
  const trusted = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' };
  const answer = await runProcess(program, [...before, ...words], {
    cwd: clone.dir,
    env: { ...clone.env, ...trusted },
  });
  if (!root) await mode('u+w');
  return answer;
}
