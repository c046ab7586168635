import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lifeOf } from '../../../src/programs/process-life.ts';
import { childFacts, registerChild, runningFolder } from '../../../src/runner/worker/child-register.ts';
import { cleanOrphans } from '../../../src/runner/worker/clean-orphans.ts';
import { attempt, isRunning, isThere, type Workbench, workbench } from './workbench.ts';

const script = fileURLToPath(new URL('fixtures/sleeping-worker.ts', import.meta.url));

interface Worker extends AsyncDisposable {
  readonly process: ChildProcess;
  /** The agent, and what it has started out of its group. */
  readonly pids: readonly number[];
}

/** A worker in a process of its own, whose agent sleeps in some work tree. */
async function worker(bench: Workbench, slotId: string): Promise<Worker> {
  const file = join(bench.workspace.cache, `${slotId}.pids`);
  const sleeping = `setsid sh -c 'echo $$ > "${file}.far"; exec sleep 600' &
    while [ ! -s "${file}.far" ]; do sleep 0.05; done
    echo $$ > "${file}.near"; exec sleep 600`;
  const child = spawn(process.execPath, ['--import', 'tsx', script, bench.checkout.dir, slotId, sleeping], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const pidIn = async (name: string) => Number(await readFile(`${file}.${name}`, 'utf8').catch(() => '0'));
  await expect.poll(() => pidIn('near'), { timeout: 20_000 }).toBeGreaterThan(0);
  const pids = [await pidIn('near'), await pidIn('far')];
  return {
    process: child,
    pids,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    },
  };
}

async function killWorker({ process: child }: Worker): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('the next start ends the agent of a killed worker and removes its work tree, and only that.', async () => {
  await using bench = await workbench({ remote: 'path' });
  await using dead = await worker(bench, 'dead');
  await using living = await worker(bench, 'living');
  const folder = join(bench.workspace.cache, 'worktrees');
  expect((await readdir(folder)).sort()).toEqual(['1', '1.json', '2', '2.json']);

  expect(await cleanOrphans(bench.workspace)).toEqual([]);
  expect([...dead.pids, ...living.pids].map(isRunning)).toEqual([true, true, true, true]);

  await killWorker(dead);
  expect(dead.pids.map(isRunning)).toEqual([true, true]);
  expect(await cleanOrphans(bench.workspace)).toEqual([{ slotId: 'dead', killed: true }]);
  for (const pid of dead.pids) await expect.poll(() => isRunning(pid)).toBe(false);
  expect(living.pids.map(isRunning)).toEqual([true, true]);
  expect((await readdir(folder)).sort()).toEqual(['2', '2.json']);

  expect(await attempt(bench, 'echo x > x', { slotId: 'dead', branch: 'feat/dead' })).toMatchObject({
    files_pushed: ['x'],
  });
  expect(living.pids.map(isRunning)).toEqual([true, true]);
});

test('a process that has got the id of an agent of former times is left alone.', async () => {
  await using bench = await workbench({ remote: 'none' });
  const stranger = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  const pid = stranger.pid ?? 0;
  try {
    const child = await registerChild(
      bench.workspace.cache,
      'old',
      join(bench.workspace.cache, 'worktrees/1'),
    );
    child.started(pid);
    const path = join(runningFolder(bench.workspace.cache), `${child.run}.json`);
    const facts = childFacts.parse(JSON.parse(await readFile(path, 'utf8')));
    const gone = { pid: 2 ** 22 - 3, start: '1' };
    await writeFile(path, JSON.stringify({ ...facts, worker: gone, leader: { pid, start: '1' } }));
    expect(await cleanOrphans(bench.workspace)).toEqual([{ slotId: 'old', killed: false }]);
    expect(isRunning(pid)).toBe(true);
    expect(await isThere(path)).toBe(false);

    // The same process, rightly named, is one of ours.
    await writeFile(path, JSON.stringify({ ...facts, worker: gone, leader: lifeOf(pid) }));
    expect(await cleanOrphans(bench.workspace)).toEqual([{ slotId: 'old', killed: true }]);
    await expect.poll(() => isRunning(pid)).toBe(false);
  } finally {
    stranger.kill('SIGKILL');
  }
});

test('a child whose worker died before it could note its id is found by its mark.', async () => {
  await using bench = await workbench({ remote: 'none' });
  const child = await registerChild(
    bench.workspace.cache,
    'early',
    join(bench.workspace.cache, 'worktrees/1'),
  );
  const path = join(runningFolder(bench.workspace.cache), `${child.run}.json`);
  const facts = childFacts.parse(JSON.parse(await readFile(path, 'utf8')));
  expect(facts).toMatchObject({ slot_id: 'early', leader: null, worker: { pid: process.pid } });
  const env = { ...process.env, MILLWRIGHT_RUN: child.run };
  const orphan = spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env });
  await once(orphan, 'spawn');
  await writeFile(path, JSON.stringify({ ...facts, worker: { pid: process.pid, start: '1' } }));
  await expect.poll(() => readFile(`/proc/${orphan.pid}/environ`, 'latin1')).toContain(child.run);
  expect(await cleanOrphans(bench.workspace)).toEqual([{ slotId: 'early', killed: true }]);
  await expect.poll(() => isRunning(orphan.pid ?? 0)).toBe(false);
});

test('a note that a power cut has cut is thrown away.', async () => {
  await using bench = await workbench({ remote: 'none' });
  const child = await registerChild(bench.workspace.cache, 'x', '/nowhere');
  const folder = runningFolder(bench.workspace.cache);
  await writeFile(join(folder, `${child.run}.json`), '{"slot_id": "x", ');
  expect(await cleanOrphans(bench.workspace)).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});
