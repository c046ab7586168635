import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PassReport } from '../../src/runner/run-pass.ts';
import { runCliIn } from '../cli/run-cli-in.ts';
import { bareRemote, type GitFolder, gitFolder } from '../support/git-folder.ts';
import { httpGitServer } from '../support/http-git-server.ts';
import { type BuiltTree, builtTree } from './built-tree.ts';
import { endState } from './end-state.ts';
import { freshWorkspace, outcomeText } from './prepared-workspace.ts';
import { startWatcher, until } from './watcher.ts';

let built: BuiltTree;
beforeAll(async () => {
  built = await builtTree();
});
afterAll(() => built[Symbol.asyncDispose]());

const watch = (folder: GitFolder) => startWatcher(built.path('src/cli/main.ts'), folder.dir);

/** How many outcomes the history at `main` holds. */
async function outcomesAt(folder: GitFolder): Promise<number> {
  const { stdout } = await folder.gitCode('grep', '-c', '', 'main', '--', 'state/outcome');
  const counts = stdout.split('\n').map((line) => Number(line.split(':').at(-1) ?? 0));
  return counts.reduce((sum, n) => sum + n, 0);
}

const drop = (folder: GitFolder, name: string) =>
  folder.write(`queue/inbox/outcome/${name}.json`, outcomeText(name, { id: name }));

/** Far longer than anything here takes: with it only events can wake a watcher. */
const NO_POLLING = 'watch:\n  poll_seconds: 600\n';

describe('run --watch', () => {
  test('records a dropped file at once, without waiting for the next poll, and prints each pass as a line.', async () => {
    await using folder = await freshWorkspace(NO_POLLING);
    await using watcher = await watch(folder);
    for (const [at, name] of ['a', 'b', 'c'].entries()) {
      await drop(folder, name);
      await until(async () => (await outcomesAt(folder)) === at + 1, 20_000);
    }
    expect(await watcher.stop('SIGTERM')).toMatchObject({ code: 0 });
    // Drops that come fast may share a pass.
    const passes = watcher.stdout().trim().split('\n');
    const accepted = passes.map((line) => (JSON.parse(line) as PassReport).accepted.outcome ?? 0);
    expect(accepted.reduce((sum, n) => sum + n, 0)).toBe(3);
    expect((await endState(folder.dir)).faults).toEqual([]);
  });

  test('sees an inbox that is taken away and made anew, and a commit of a person.', async () => {
    await using folder = await freshWorkspace(NO_POLLING);
    await using watcher = await watch(folder);
    await drop(folder, 'a');
    await until(async () => (await outcomesAt(folder)) === 1, 20_000);
    await rm(join(folder.dir, 'queue/inbox'), { recursive: true });
    await drop(folder, 'b');
    await until(async () => (await outcomesAt(folder)) === 2, 20_000);
    await folder.write('queue/elsewhere.json', outcomeText('c', { id: 'c' }));
    await mkdir(join(folder.dir, 'queue/inbox/outcome'), { recursive: true });
    const blob = await folder.git('hash-object', '-w', 'queue/elsewhere.json');
    await rm(join(folder.dir, 'queue/elsewhere.json'));
    // As somebody who pushes to this repository: the commit comes without any file of the checkout.
    await folder.git('update-index', '--add', '--cacheinfo', `100644,${blob},queue/inbox/outcome/c.json`);
    await folder.git('commit', '-q', '-m', 'Commit a contract');
    await until(async () => (await outcomesAt(folder)) === 3, 20_000);
    expect(await watcher.stop('SIGINT')).toMatchObject({ code: 0 });
  });

  test('picks up what another clone has pushed, at the next poll.', async () => {
    await using remote = await bareRemote();
    await using folder = await freshWorkspace('watch:\n  poll_seconds: 1\n');
    await folder.git('push', '-q', remote.dir, 'main');
    await folder.git('remote', 'add', 'origin', remote.dir);
    await using other = await gitFolder();
    await other.git('pull', '-q', remote.dir, 'main');
    await using watcher = await watch(folder);
    await drop(other, 'from-afar');
    await other.git('add', '-A');
    await other.git('commit', '-q', '-m', 'A contract from afar');
    await other.git('push', '-q', remote.dir, 'main');
    await until(async () => (await outcomesAt(folder)) === 1, 20_000);
    expect(await watcher.stop('SIGTERM')).toMatchObject({ code: 0 });
    expect(await remote.git('rev-parse', 'main')).toBe(await folder.git('rev-parse', 'main'));
    expect((await endState(folder.dir)).faults).toEqual([]);
  });

  test('tells of a remote that is gone, goes on, and recovers when it is back.', async () => {
    await using remote = await bareRemote();
    await using folder = await freshWorkspace('watch:\n  poll_seconds: 1\n');
    await folder.git('push', '-q', remote.dir, 'main');
    await folder.git('remote', 'add', 'origin', `${remote.dir}.away`);
    await using watcher = await watch(folder);
    await drop(folder, 'a');
    await until(() => watcher.stderr().includes('trying again'), 20_000);
    await folder.git('remote', 'set-url', 'origin', remote.dir);
    // The address was read when the watcher began: a link takes the place of the repository that is away.
    await folder.git('clone', '-q', '--bare', remote.dir, `${remote.dir}.away`);
    await until(async () => (await outcomesAt(folder)) === 1, 20_000);
    expect(await watcher.stop('SIGTERM')).toMatchObject({ code: 0 });
  });
});

describe('run --watch that is told to stop', () => {
  test('ends with 0 while it is idle.', async () => {
    await using folder = await freshWorkspace();
    await using watcher = await watch(folder);
    const { code, ms } = await watcher.stop('SIGTERM');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5_000);
  });

  test('in the middle of work ends with 0 in time, and the next pass has all the rest.', async () => {
    await using folder = await freshWorkspace();
    const files = Array.from({ length: 3_000 }, (_, n) => n);
    await Promise.all(files.map((n) => drop(folder, `many-${n}`)));
    await using watcher = await watch(folder);
    // The first batch is recorded; its files have to go, and the second batch waits.
    await until(async () => (await outcomesAt(folder)) > 0, 20_000);
    const { code, ms } = await watcher.stop('SIGTERM');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5_000);
    expect(await runCliIn(folder.dir, ['run', '--json'])).toMatchObject({ code: 0 });
    expect(await outcomesAt(folder)).toBe(3_000);
    expect((await endState(folder.dir)).faults).toEqual([]);
  });

  test('while a remote never answers still ends with 0 in time.', async () => {
    await using folder = await freshWorkspace();
    await using remote = await silentRemote(folder);
    await using watcher = await watch(folder);
    await until(remote.asked, 20_000);
    const { code, ms } = await watcher.stop('SIGTERM');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5_000);
  });

  test('a second signal does not wait for anything.', async () => {
    await using folder = await freshWorkspace();
    await using remote = await silentRemote(folder);
    await using watcher = await watch(folder);
    await until(remote.asked, 20_000);
    const first = watcher.stop('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { code, ms } = await watcher.stop('SIGTERM');
    expect(code).toBe(130);
    expect(ms).toBeLessThan(1_000);
    await first;
  });
});

describe('two watchers of one workspace', () => {
  test('record every contract once, and both come to rest.', async () => {
    await using folder = await freshWorkspace(NO_POLLING);
    await using one = await watch(folder);
    await using two = await watch(folder);
    for (let n = 0; n < 12; n += 1) await drop(folder, `shared-${n}`);
    await until(async () => (await outcomesAt(folder)) === 12, 20_000);
    const tip = () => folder.git('rev-parse', 'main');
    // At rest: nobody wakes the other any more.
    let before = '';
    await until(async () => {
      const last = before;
      before = await tip();
      await new Promise((resolve) => setTimeout(resolve, 700));
      return last === (await tip());
    }, 20_000);
    for (const watcher of [one, two]) expect(await watcher.stop('SIGTERM')).toMatchObject({ code: 0 });
    const said = one.stderr() + two.stderr();
    expect(said.split('\n').filter((line) => line !== '' && !line.startsWith('watching '))).toEqual([]);
    expect((await endState(folder.dir)).faults).toEqual([]);
  });
});

/** A remote of `folder` that takes every question and never answers one. */
async function silentRemote(folder: GitFolder) {
  const remote = await bareRemote();
  let asked = false;
  const server = await httpGitServer({
    root: dirname(remote.dir),
    intercept: () => {
      asked = true;
      return new Promise<undefined>(() => undefined);
    },
  });
  await folder.git('remote', 'add', 'origin', `${server.url}/${basename(remote.dir)}`);
  return {
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await remote[Symbol.asyncDispose]();
    },
  };
}
