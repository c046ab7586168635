import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/contracts/clock.ts';
import { withProcessLock } from '../../src/git/process-lock.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';

const script = fileURLToPath(new URL('fixtures/lock-holder.ts', import.meta.url));

test('two processes never hold a lock together, and one that was killed is taken over at once.', async () => {
  await using folder = await gitFolder();
  const { lock, count } = await start(folder);
  expect(await holder(lock, count, 1, 'die')).toBe('SIGKILL');
  expect(await readFile(lock, 'utf8')).toMatch(/^\d+ /);
  const began = Date.now();
  await Promise.all([holder(lock, count, 40), holder(lock, count, 40), countHere(lock, count, 20)]);
  expect(await readFile(count, 'utf8')).toBe('100');
  expect(Date.now() - began).toBeLessThan(20_000);
  expect(await readdir(join(folder.dir, 'locks'))).toEqual([]);
});

test('work in one process takes its turn too, and a failure frees the lock.', async () => {
  await using folder = await gitFolder();
  const { lock, count } = await start(folder);
  await Promise.all([countHere(lock, count, 5), countHere(lock, count, 5), countHere(lock, count, 5)]);
  expect(await readFile(count, 'utf8')).toBe('15');
  const failing = withProcessLock(lock, systemClock, () => Promise.reject(new Error('oops')));
  await expect(failing).rejects.toThrow('oops');
  expect(await withProcessLock(lock, systemClock, async () => 'free')).toBe('free');
});

test.each([
  ['of an earlier process with our own id', `${process.pid} 1 abc\n`],
  // Only Linux tells when a process began.
  ...(process.platform === 'linux'
    ? [['of an earlier process whose id another has now', `${process.ppid} 1 abc\n`]]
    : []),
  ['of a process that is gone', `${2 ** 22 - 3} 1 abc\n`],
  ['that a power cut left empty', ''],
])('a lock %s is taken over at once.', async (_, content) => {
  await using folder = await gitFolder();
  const { lock } = await start(folder);
  await folder.write('locks/x.lock', content);
  expect(await withProcessLock(lock, systemClock, async () => 'mine')).toBe('mine');
});

test('a lock that a live process keeps is an error after half a minute, and is left to it.', async () => {
  await using folder = await gitFolder();
  const { lock } = await start(folder);
  const content = `${process.ppid} - abc\n`;
  await folder.write('locks/x.lock', content);
  let now = 0;
  const clock = {
    ...systemClock,
    monotonicMs: () => now,
    sleep: async () => {
      now += 1_000;
    },
  };
  const waiting = withProcessLock(lock, clock, async () => 'never');
  await expect(waiting).rejects.toMatchObject({ code: 'locked', retry: 'back-off' });
  expect(now).toBeGreaterThanOrEqual(30_000);
  expect(await readFile(lock, 'utf8')).toBe(content);
});

async function start(folder: GitFolder) {
  const count = join(folder.dir, 'count');
  await writeFile(count, '0');
  return { lock: join(folder.dir, 'locks/x.lock'), count };
}

/** Resolves with the signal that ended it, or null. */
async function holder(lock: string, count: string, times: number, die = '-'): Promise<string | null> {
  const args = ['--import', 'tsx', script, lock, count, String(times), die];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code, signal] = await once(child, 'exit');
  expect(code).toBe(signal === null ? 0 : null);
  return signal;
}

async function countHere(lock: string, count: string, times: number): Promise<void> {
  for (let turn = 0; turn < times; turn += 1)
    await withProcessLock(lock, systemClock, async () => {
      const before = Number(await readFile(count, 'utf8'));
      await systemClock.sleep(1);
      await writeFile(count, String(before + 1));
    });
}
