import '../e2e/test-environment.ts';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Claimer } from '../../src/queue/claimer.ts';
import { completeHeld } from '../../src/queue/hold.ts';
import { openQueue } from '../../src/queue/queue.ts';
import type { WorkerEvent } from '../../src/runner/worker/worker-event.ts';
import { jsonOf } from '../cli/run-cli-in.ts';
import { type BuiltTree, builtTree } from '../e2e/built-tree.ts';
import { inWorkspace } from '../e2e/prepared-workspace.ts';
import { until } from '../e2e/watcher.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { runProcess } from '../support/run-process.ts';
import { faultyRemote } from './faulty-remote.ts';
import { readLedger } from './ledger-ends.ts';
import { member } from './member.ts';
import { hasNamespaces, type Road, roads } from './roads.ts';
import { foldIn } from './scenes.ts';
import { publishWorkspace, putWork } from './work-clones.ts';

// Much of it is waiting for leases, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const ways = (await hasNamespaces()) ? (['relay', 'network namespace'] as const) : (['relay'] as const);
/** Seconds. */
const lease = 2;

let built: BuiltTree;
beforeAll(async () => {
  built = await builtTree();
});
afterAll(() => built[Symbol.asyncDispose]());

describe.concurrent.each(ways)('a worker that is cut off for two leases, by %s', (way) => {
  test('is refused when it comes back; its result is kept, and another has done the work.', async () => {
    await using scene = await setUp(way, 1);
    const { remote, road, far, near } = scene;
    const claimed = await command(scene, ['queue', 'claim', '--worker', 'far', '--json']);
    expect(jsonOf(claimed)).toMatchObject({ slot_id: 'item-v1', token: 1 });
    await road.cut();
    const since = performance.now();
    expect(await finishedByAnother(near)).toMatchObject({ result: 'ended', claim: { token: 2 } });
    await pause(2 * lease * 1_000 - (performance.now() - since));
    await road.mend();
    const words = ['queue', 'complete', 'item-v1', '--pass', '--branch', 'feat/item-v1', '--json'];
    const late = await command(scene, words);
    expect({ ...late, out: jsonOf(late) }).toMatchObject({
      code: 11,
      out: { error: { code: 'taken', data: { worker_id: 'near', state: 'shipped' } } },
    });
    await foldIn(near);
    const ledger = await readLedger(remote.repository);
    expect(ledger.ends.get('item-v1')).toEqual([{ event: 'shipped', token: 2, worker_id: 'near' }]);
    expect([...ledger.late]).toEqual(['item-v1.1']);
    expect(await far.git('status', '--porcelain')).toBe('');
  });
});

describe.concurrent('a worker whose remote falls silent', () => {
  test('has its agent ended by the time that others may have the slot.', async () => {
    await using scene = await setUp('relay', 1);
    const { road, far, near, remote } = scene;
    const beats = join(dirname(far.dir), 'beats');
    const agent = join(dirname(far.dir), 'agent.sh');
    await writeFile(agent, `#!/bin/sh\nwhile :; do date +%s%3N >> '${beats}'; sleep 0.05; done\n`, {
      mode: 0o755,
    });
    const worker = member({
      name: 'far',
      home: dirname(far.dir),
      cwd: far.dir,
      before: road.prefix,
      args: () => [built.path('src/cli/main.ts'), 'work', '--json', '--agent', agent, '--drain', '0'],
    });
    worker.start();
    try {
      await until(async () => (await beatsIn(beats)).length > 2, 30_000);
      const cutAt = Date.now();
      await road.cut();
      expect(await finishedByAnother(near)).toMatchObject({ result: 'ended' });
      await pause(cutAt + 2.6 * lease * 1_000 - Date.now());
      // It may have renewed right before the cut: nine tenths of a lease from then, and the time to end a process.
      const last = (await beatsIn(beats)).at(-1) ?? 0;
      expect(last - cutAt).toBeLessThan(0.9 * lease * 1_000 + 2_200);
      await road.mend();
      await until(() => worker.out().includes('"lost"'), 20_000);
    } finally {
      await worker.kill();
    }
    const events = worker
      .out()
      .split('\n')
      .filter((line) => line !== '');
    const said = events.map((line) => (JSON.parse(line) as WorkerEvent).event);
    expect(said).toContain('lost');
    expect(said).not.toContain('shipped');
    await foldIn(near);
    expect((await readLedger(remote.repository)).ends.get('item-v1')).toMatchObject([{ worker_id: 'near' }]);
  });
});

interface Scene extends AsyncDisposable {
  readonly remote: Awaited<ReturnType<typeof faultyRemote>>;
  readonly road: Road;
  /** The clone at the end of the road. */
  readonly far: GitFolder;
  readonly near: GitFolder;
}

async function setUp(way: (typeof ways)[number], slots: number): Promise<Scene> {
  const remote = await faultyRemote();
  const clone = await publishWorkspace(remote.repository, 'limits:\n  pushes_per_minute: 10000\n');
  const road = await roads[way](remote);
  const [far, near] = await Promise.all([clone(road.url), clone(remote.url)]);
  await inWorkspace(near.dir, ({ workspace }) => putWork(workspace, { item: 'item', slots, lease }));
  const parts = [far, near, road, remote];
  return {
    remote,
    road,
    far,
    near,
    [Symbol.asyncDispose]: async () => {
      for (const part of parts) await part[Symbol.asyncDispose]();
    },
  };
}

/** A command in the clone at the end of the road. */
function command({ far, road }: Scene, words: readonly string[]) {
  const [program = '', ...args] = [...road.prefix, process.execPath, built.path('src/cli/main.ts'), ...words];
  return runProcess(program, args, { cwd: far.dir, env: far.env }).then(({ code, stdout }) => ({
    code,
    out: stdout,
    err: '',
  }));
}

/** Watches until the slot is free, and ends it. */
function finishedByAnother(near: GitFolder) {
  return inWorkspace(near.dir, async ({ workspace }) => {
    const queue = openQueue(workspace);
    const claimer = new Claimer(queue, { watches: true });
    const worker = { worker_id: 'near', host: 'near', pid: 1 };
    const giveUpAt = performance.now() + 20_000;
    let held = await claimer.next(worker);
    while (held === undefined && performance.now() < giveUpAt) {
      await pause(100);
      held = await claimer.next(worker);
    }
    if (held === undefined) throw new Error('nobody could take the slot over');
    return completeHeld(queue, held, { smoke_test_pass: true, files_pushed: [] });
  });
}

async function beatsIn(path: string): Promise<number[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1).map(Number);
}
