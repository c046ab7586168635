import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/contracts/outcome.ts';
import type { SlotEvent } from '../../../src/contracts/slot-event.ts';
import type { WorkSlot } from '../../../src/contracts/work.ts';
import { readEntries } from '../../../src/ledger/read-entries.ts';
import { cancelItem } from '../../../src/queue/cancel-item.ts';
import { listQueue } from '../../../src/queue/list-queue.ts';
import { runWorker, type WorkerReport } from '../../../src/runner/worker/worker.ts';
import type { WorkerEvent } from '../../../src/runner/worker/worker-event.ts';
import type { WorkerOptions } from '../../../src/runner/worker/worker-options.ts';
import { until } from '../../e2e/watcher.ts';
import { inQueue, type QueuePlace, queuePass, queuePlace } from '../../queue/queue-place.ts';
import { putWork, sampleSlot } from '../../queue/sample-work.ts';
import { isRunning, scripted } from './workbench.ts';

let place: QueuePlace;
beforeEach(async () => {
  place = await queuePlace('path remote');
});
afterEach(() => place[Symbol.asyncDispose]());

const variables = {
  thought_id: 'a',
  text: 'a wheel',
  category: 'wheels',
  diversity_mode: 'bold',
  diversity_instruction: 'be bold',
  constitution_path: 'prompts/DO-NOT-CHANGE-EVER.md',
  variant_index: 1,
};
const slotFor = (id: string, more: Partial<WorkSlot> = {}) => sampleSlot(id, { variables, ...more });
const put = (...slots: WorkSlot[]) => inQueue(place, ({ workspace }) => putWork(workspace, slots));

interface Daemon {
  readonly events: WorkerEvent[];
  readonly drain: AbortController;
  readonly abort: AbortController;
  readonly report: Promise<WorkerReport>;
}

/** Starts a daemon in this process whose agent is a shell script. */
function start(script: string, more: Partial<WorkerOptions> = {}): Daemon {
  const [events, drain, abort] = [[] as WorkerEvent[], new AbortController(), new AbortController()];
  const report = inQueue(place, ({ workspace }) =>
    runWorker({
      workspace,
      agent: scripted(script),
      concurrency: 3,
      once: true,
      pollSeconds: 0.1,
      drain: drain.signal,
      drainSeconds: 30,
      abort: abort.signal,
      onEvent: (event) => events.push(event),
      ...more,
    }),
  );
  return { events, drain, abort, report };
}

const of = ({ events }: Daemon, slot: string) =>
  events.filter(({ slot_id, event }) => slot_id === slot && event !== 'phase').map(({ event }) => event);
const phases = ({ events }: Daemon) => events.flatMap(({ phase }) => phase ?? []);
const states = () =>
  inQueue(place, async ({ queue }) => {
    const { slots } = await listQueue(queue, {});
    return slots.map(({ slot_id, state, attempts }) => [slot_id, state, attempts]);
  });
const recordsOf = <Fields>(kind: string) =>
  inQueue(place, async ({ workspace }) => readEntries<Fields>((await workspace.log.tip()).snapshot, kind));
const pass = () => inQueue(place, (opened) => queuePass(opened));

describe('a daemon', () => {
  test('with --once drains the queue, three at a time, and a pass makes outcomes of what it did.', async () => {
    const smoke = 'grep -q wheel made.txt';
    await put(
      ...[1, 2, 3, 4].map((n) => slotFor(`a-${n}`, { smoke })),
      slotFor('b-1', { smoke: 'false' }),
      slotFor('c-1', { needs: ['c-2'] }),
      slotFor('c-2'),
    );
    const daemon = start('cat > made.txt; echo "$MILLWRIGHT_SLOT_ID" > slot.txt');
    const { worker_id, ...counts } = await daemon.report;
    expect(counts).toEqual({ shipped: 6, failed: 1, released: 0, lost: 0 });
    expect(of(daemon, 'a-1').filter((event) => event !== 'renewed')).toEqual(['claimed', 'shipped']);
    expect(await place.truth.git('show', 'feat/a-3:slot.txt')).toBe('a-3');
    expect(await place.truth.git('show', 'feat/a-3:made.txt')).toContain('a wheel');

    await pass();
    expect(await states()).toEqual([]);
    const outcomes = await recordsOf<Outcome>('outcome');
    const b = outcomes.find(({ idea_id }) => idea_id === 'b');
    expect(outcomes.map(({ outcome }) => outcome).filter((one) => one === 'accepted')).toHaveLength(6);
    expect(b).toMatchObject({ outcome: 'failed', smoke_test_pass: false });
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ persona_id: 'frontend', session_id: worker_id });
      expect(outcome.persona_version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(outcome.prompt_hash).toBeDefined();
      const tip = await place.truth.git('rev-parse', outcome.branch_name ?? '');
      expect(tip).toBe(outcome.commit_hash);
    }
    const ends = (await recordsOf<SlotEvent>('slot_event')).filter(({ event }) => event === 'shipped');
    expect(ends).toHaveLength(6);
  });

  test('that is told to drain finishes what runs and claims nothing more.', async () => {
    await put(slotFor('a-1'), slotFor('a-2'), slotFor('a-3'));
    const go = join(place.folder.dir, '.millwright', 'go');
    const daemon = start(`while [ ! -e "${go}" ]; do sleep 0.05; done; echo x > x`, {
      concurrency: 1,
      once: false,
    });
    await until(() => phases(daemon).includes('agent'), 30_000);
    daemon.drain.abort();
    await place.folder.write('.millwright/go', '');
    expect(await daemon.report).toMatchObject({ shipped: 1, released: 0 });
    expect((await states()).filter(([, state]) => state === 'pending')).toHaveLength(2);
  });

  test('that drains for too long gives back what runs, and blames nobody.', async () => {
    await put(slotFor('a-1'));
    const daemon = start('exec sleep 600', { once: false, drainSeconds: 0.2 });
    await until(() => phases(daemon).includes('agent'), 30_000);
    daemon.drain.abort();
    expect(await daemon.report).toMatchObject({ shipped: 0, released: 1 });
    expect(await states()).toEqual([['a-1', 'pending', 0]]);
  });

  test('that is told to stop ends its agents and releases their slots.', async () => {
    await put(slotFor('a-1'), slotFor('a-2'));
    const pids = join(place.folder.dir, '.millwright', 'pids');
    const daemon = start(`echo $$ >> "${pids}"; exec sleep 600`, { once: false });
    const agents = async () =>
      (await readFile(pids, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    await until(async () => (await agents()).length === 2, 30_000);
    daemon.abort.abort();
    expect(await daemon.report).toMatchObject({ shipped: 0, released: 2 });
    for (const pid of await agents()) expect(isRunning(Number(pid))).toBe(false);
    expect(await states()).toEqual([
      ['a-1', 'pending', 0],
      ['a-2', 'pending', 0],
    ]);
  });

  test('learns at its next renewal that the item was cancelled, and stops the agent.', async () => {
    // Renewed after two seconds.
    await put(slotFor('a-1', { lease_seconds: 4 }), slotFor('a-2', { lease_seconds: 4, needs: ['a-1'] }));
    const daemon = start('exec sleep 600', { concurrency: 1 });
    await until(() => phases(daemon).includes('agent'), 30_000);
    await inQueue(place, (opened) => cancelItem(opened, 'a', 'not wanted'));
    expect(await daemon.report).toMatchObject({ shipped: 0, released: 0 });
    expect(of(daemon, 'a-1').at(-1)).toBe('cancelled');
    await pass();
    expect(await states()).toEqual([]);
    const events = await recordsOf<SlotEvent>('slot_event');
    const cancelled = events.filter(({ event }) => event === 'cancelled').map(({ slot_id }) => slot_id);
    expect(new Set(cancelled)).toEqual(new Set(['a-1', 'a-2']));
  });

  test('blames no slot for a prompt that is missing: it tries each once and leaves them to others.', async () => {
    await put(slotFor('a-1', { prompt: 'missing', max_attempts: 1 }), slotFor('a-2'));
    const daemon = start('echo x > x');
    expect(await daemon.report).toMatchObject({ shipped: 1, released: 1 });
    expect(of(daemon, 'a-1').filter((event) => event === 'claimed')).toHaveLength(1);
    expect((await states()).at(0)).toEqual(['a-1', 'pending', 0]);
  });

  test('counts what broke as an attempt, and leaves the slot to others for this run.', async () => {
    await put(slotFor('a-1', { max_attempts: 2, branch: 'no..branch' }));
    const daemon = start('echo x > x');
    await daemon.report;
    expect(await states()).toEqual([['a-1', 'pending', 1]]);
    expect(of(daemon, 'a-1').filter((event) => event === 'claimed')).toHaveLength(1);
  });
});

test('a daemon that is killed costs one lease, and the next one ends its agent and does its work.', async () => {
  await put(slotFor('a-1', { lease_seconds: 3 }));
  const pidFile = join(place.folder.dir, '.millwright', 'agent.pid');
  const daemonScript = fileURLToPath(new URL('fixtures/killed-daemon.ts', import.meta.url));
  const argv = ['--import', 'tsx', daemonScript, place.folder.dir, `echo $$ > "${pidFile}"; exec sleep 600`];
  const killed = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
  const pidNow = async () => Number(await readFile(pidFile, 'utf8').catch(() => '0'));
  await until(async () => (await pidNow()) > 0, 40_000);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  const agent = await pidNow();
  expect(isRunning(agent)).toBe(true);

  const daemon = start('echo x > x', { once: false });
  await until(() => of(daemon, 'a-1').includes('shipped'), 30_000);
  daemon.drain.abort();
  await daemon.report;
  expect(isRunning(agent)).toBe(false);
  expect(of(daemon, 'a-1').filter((event) => event !== 'renewed')).toEqual(['cleaned', 'claimed', 'shipped']);
  await pass();
  const events = await recordsOf<SlotEvent>('slot_event');
  expect(
    events.filter(({ event }) => event !== 'renewed').map(({ event, token }) => `${event} ${token}`),
  ).toEqual(['claimed 1', 'expired 1', 'claimed 2', 'shipped 2']);
  expect(await recordsOf<Outcome>('outcome')).toMatchObject([{ extra: { attempts: 2 } }]);
});
