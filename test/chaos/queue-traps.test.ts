import '../e2e/test-environment.ts';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { openCells } from '../../src/git/cell.ts';
import type { RefTransport } from '../../src/git/ref-transport.ts';
import type { Workspace } from '../../src/ledger/workspace.ts';
import { Claimer } from '../../src/queue/claimer.ts';
import { completeHeld, renewHeld } from '../../src/queue/hold.ts';
import { openQueue, type Queue } from '../../src/queue/queue.ts';
import { jsonOf, runCliIn } from '../cli/run-cli-in.ts';
import { until } from '../e2e/watcher.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { readLedger } from './ledger-ends.ts';
import { foldIn, openedQueue, type Scene, scene } from './scenes.ts';

// Much of it is waiting for leases, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const overs = ['http', 'path'] as const;
const twin = { worker_id: 'the-same', host: 'one-host', pid: 7 };
const passed = { smoke_test_pass: true, files_pushed: [] };

const at = new Date();

/** The same at all of them, to the byte, but for the nonce. */
function atOneTime(queue: Queue): Queue {
  return { ...queue, stamp: () => ({ ...queue.stamp(), at }) };
}

describe.each(overs)('two clones over %s', (over) => {
  test('with the same worker, host and address race with the same words: exactly one wins.', async () => {
    await using all = await scene({ over, clones: 2 });
    const slots = await all.put({ item: 'item', slots: 6, lease: 300 });
    using first = await openedQueue(all.clones[0] as GitFolder);
    using second = await openedQueue(all.clones[1] as GitFolder);
    for (const slot of slots) {
      const racing = [first, second].map(({ queue }) =>
        new Claimer(atOneTime(queue), { filter: { slot }, watches: true }).next(twin),
      );
      const held = (await Promise.all(racing)).filter((one) => one !== undefined);
      expect(
        held.map(({ claim }) => claim.token),
        slot,
      ).toEqual([1]);
      expect((await first.queue.view.look()).cells.get(slot)).toBe(held[0]?.commit);
    }
  });
});

describe('two clones', () => {
  test('that merge by union and in favour of their own side claim as any others do.', async () => {
    await using all = await scene({ over: 'http', clones: 2 });
    await leadAstray(all);
    const slots = await all.put({ item: 'item', slots: 6, lease: 300 });
    using first = await openedQueue(all.clones[0] as GitFolder);
    using second = await openedQueue(all.clones[1] as GitFolder);
    const ended: string[] = [];
    const work = async (queue: Queue) => {
      const claimer = new Claimer(queue, { watches: true });
      for (let held = await claimer.next(twin); held !== undefined; held = await claimer.next(twin)) {
        expect(await completeHeld(queue, held, passed)).toMatchObject({ result: 'ended' });
        ended.push(held.slot.slot_id);
      }
    };
    await Promise.all([first, first, second, second].map(({ queue }) => work(queue)));
    expect(sorted(ended)).toEqual(sorted(slots));
    await Promise.all(all.clones.map(foldIn));
    const ledger = await readLedger(all.remote);
    expect(sorted(ledger.outcomes)).toEqual(sorted(slots));
    expect(slots.filter((slot) => ledger.ends.get(slot)?.length !== 1)).toEqual([]);
    for (const clone of all.clones) expect(await clone.git('status', '--porcelain')).toBe('');
  });
});

/** What people set to be spared of conflicts, and what silently joins two lock files into one. */
async function leadAstray({ clones, remote }: Scene): Promise<void> {
  const settings = {
    'merge.default': 'union',
    'merge.ours.driver': 'true',
    'pull.rebase': 'true',
    'rebase.autoStash': 'true',
    'branch.main.mergeOptions': '-X ours',
    'push.default': 'matching',
    'rerere.enabled': 'true',
  };
  const [first] = clones as [GitFolder];
  await first.write('.gitattributes', '* merge=union\nqueue/** merge=ours\n');
  await first.git('add', '.gitattributes');
  await first.git('commit', '-q', '-m', 'No conflicts, please');
  await first.git('push', '-q', remote.dir, 'main');
  for (const clone of clones) {
    for (const [key, value] of Object.entries(settings)) await clone.git('config', key, value);
    await clone.git('pull', '-q', remote.dir, 'main');
  }
}

function sorted(names: readonly string[]): string[] {
  return names.toSorted((a, b) => (a < b ? -1 : 1));
}

describe.each(overs)('a push over %s in which one ref is refused', (over) => {
  test('never counts that one as moved, and its neighbours do move.', async () => {
    await using all = await scene({ over, clones: 1 });
    await all.put({ item: 'item', slots: 3, lease: 300 });
    using opened = await openedQueue(all.clones[0] as GitFolder);
    const claimer = new Claimer(opened.queue, { watches: true });
    const held = [await claimer.next(twin), await claimer.next(twin), await claimer.next(twin)];
    const mine = held.flatMap((one) => one ?? []);
    await all.hook('update', 'case "$1" in */item-v2) echo "not this one" >&2; exit 1;; esac');
    const answers = await renewHeld(opened.queue, mine);
    const { cells } = await opened.queue.view.look();
    for (const [at, { slot, commit }] of mine.entries()) {
      const refused = slot.slot_id === 'item-v2';
      expect(answers[at]).toMatchObject(refused ? { result: 'unknown' } : { result: 'held' });
      expect(cells.get(slot.slot_id) === commit).toBe(refused);
      if (refused)
        expect(answers[at]).toMatchObject({ error: { message: expect.stringContaining('not this one') } });
    }
  });
});

describe('a client that reports a refused ref as pushed', () => {
  test('fools its own worker until the first honest answer, and nobody else.', async () => {
    await using all = await scene({ over: 'http', clones: 2 });
    await all.put({ item: 'item', slots: 1, lease: 300 });
    await all.hook('update', 'case "$1" in refs/millwright/*) exit 1;; esac');
    using fooled = await openedQueue(all.clones[0] as GitFolder);
    using other = await openedQueue(all.clones[1] as GitFolder);
    const held = await new Claimer(lying(fooled.workspace), { watches: true }).next(twin);
    expect(held?.claim.token).toBe(1);
    expect((await other.queue.view.look()).cells.size).toBe(0);
    await all.hook('update', 'exit 0');
    const truly = await new Claimer(other.queue, { watches: true }).next({ ...twin, worker_id: 'other' });
    expect(truly?.claim.token).toBe(1);
    if (held === undefined || truly === undefined) throw new Error('expected two claims');
    expect(await completeHeld(fooled.queue, held, passed)).toMatchObject({
      result: 'lost',
      by: { worker_id: 'other' },
    });
    expect(await completeHeld(other.queue, truly, passed)).toMatchObject({ result: 'ended' });
    await foldIn(all.clones[1] as GitFolder);
    expect((await readLedger(all.remote)).ends.get('item-v1')).toMatchObject([{ worker_id: 'other' }]);
  });
});

/** The queue of a worker whose client says "moved" whatever the server said. */
function lying(workspace: Workspace): Queue {
  const transport: RefTransport = {
    ...workspace.refs,
    push: async (updates, objects) => {
      await workspace.refs.push(updates, objects);
      return updates.map(() => ({ result: 'moved' }));
    },
  };
  const { store, clock, budget, settings } = workspace;
  const { ref_namespace: namespace, author } = settings;
  const cells = openCells({ transport, store, clock, budget, namespace, author });
  return openQueue({ ...workspace, cells });
}

describe('a worker whose id was lost between the claim and its end', () => {
  test('is told how to name itself, and may then release.', async () => {
    await using all = await scene({ over: 'http', clones: 1 });
    await all.put({ item: 'item', slots: 1, lease: 300 });
    const [{ dir }] = all.clones as [GitFolder];
    const claimed = jsonOf(await runCliIn(dir, ['queue', 'claim', '--json'])) as { worker_id: string };
    await rm(join(dir, '.millwright', 'claims'), { recursive: true });
    const release = ['queue', 'release', 'item-v1', '--json'];
    const lost = await runCliIn(dir, release);
    expect({ ...lost, out: jsonOf(lost) }).toMatchObject({
      code: 2,
      out: { error: { code: 'usage', hint: expect.stringMatching(/--worker.*millwright queue show/) } },
    });
    const shown = await runCliIn(dir, ['queue', 'show', 'item-v1', '--json']);
    expect(shown.out).toContain(claimed.worker_id);
    const released = await runCliIn(dir, [...release, '--worker', claimed.worker_id]);
    expect(jsonOf(released)).toMatchObject({ state: 'released', token: 1 });
  });

  test('costs one lease: then another gets the slot.', async () => {
    await using all = await scene({ over: 'http', clones: 2 });
    await all.put({ item: 'item', slots: 1, lease: 2 });
    const [first, second] = all.clones as [GitFolder, GitFolder];
    const since = performance.now();
    expect((await runCliIn(first.dir, ['queue', 'claim', '--json'])).code).toBe(0);
    await rm(join(first.dir, '.millwright', 'claims'), { recursive: true });
    const codes = new Set<number>();
    const words = ['queue', 'claim', 'item-v1', '--worker', 'second', '--json'];
    await until(async () => {
      const { code } = await runCliIn(second.dir, words);
      codes.add(code);
      return code === 0;
    }, 30_000);
    expect(performance.now() - since).toBeGreaterThan(2_000);
    expect([...codes]).toEqual([11, 0]);
    const shown = await runCliIn(second.dir, ['queue', 'list', '--json']);
    expect(jsonOf(shown)).toMatchObject({ slots: [{ worker_id: 'second', token: 2, attempts: 1 }] });
  });
});
