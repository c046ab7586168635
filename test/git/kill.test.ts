import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { installFaultHook } from '../../src/contracts/fault-point.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { appendOnce } from './fixtures/append-once.ts';
import { byPath, localPlace, type Place, remotePlace, type Writer } from './suites/places.ts';

const files = { 'log.txt': 'start\n', 'old/first.txt': 'x\n', 'old/second.txt': 'x\n', 'mine.txt': 'mine\n' };

const points = [
  'log:commit-written',
  'checkout:index-locked',
  'checkout:files-removed',
  'checkout:files-written',
  'checkout:index-swapped',
  'checkout:ref-moved',
  'checkout:settled',
  'log:published',
];

afterEach(() => installFaultHook(undefined));

describe('a process killed in the middle of a transaction', () => {
  test.each(points)('at %s leaves nothing half done for the next one.', async (point) => {
    await using place = await localPlace(files);
    await dirty(place.truth);
    await runUntilKilled(place.truth, '-', point);
    await expectRecovery(place, await place.writer());
  });

  test.each([
    'checkout:files-removed',
    'checkout:files-written',
    'checkout:index-swapped',
    'checkout:settled',
  ])('at %s on its way back from a lost race leaves nothing half done.', async (point) => {
    await using place = await localPlace(files);
    await dirty(place.truth);
    await runUntilKilled(place.truth, '-', point, point === 'checkout:settled' ? 1 : 2, 'race');
    await expectRecovery(place, await place.writer());
  });

  test.each(['checkout:files-written', 'checkout:ref-moved', 'log:published'])(
    'at %s in a clone of a remote leaves nothing half done.',
    async (point) => {
      await using place = await remotePlace(files, byPath);
      const writer = await place.writer();
      await writer.log.tip();
      await dirty(writer.folder);
      await runUntilKilled(writer.folder, place.truth.dir, point);
      await expectRecovery(place, writer);
    },
  );
});

describe('a transaction that breaks off with an error', () => {
  test.each(points)('at %s leaves nothing half done for the next one.', async (point) => {
    await using place = await localPlace(files);
    await dirty(place.truth);
    const writer = await place.writer();
    installFaultHook((visited) => {
      if (visited === point) throw new Error('power cut');
    });
    await appendOnce(writer.log, 'first').catch(() => undefined);
    installFaultHook(undefined);
    await expectRecovery(place, writer);
  });

  test('in the second of two checkouts unlocks the first.', async () => {
    await using place = await localPlace(files);
    await place.truth.git('worktree', 'add', '-q', '-f', '../second', 'main');
    const { log, folder } = await place.writer();
    let locked = 0;
    installFaultHook((visited) => {
      if (visited !== 'checkout:index-locked') return;
      locked += 1;
      if (locked === 2) throw new Error('power cut');
    });
    await expect(appendOnce(log, 'first')).rejects.toThrow('power cut');
    installFaultHook(undefined);
    expect(await folder.exists('.git/index.lock')).toBe(false);
    expect(await folder.git('status', '--porcelain')).toBe('');
    await appendOnce(log, 'first');
    for (const dir of ['.', '../second'])
      expect(await folder.git('-C', dir, 'status', '--porcelain')).toBe('');
  });
});

/** What a person has under way: none of it may be touched. */
async function dirty(folder: GitFolder): Promise<void> {
  await folder.write('staged.txt', 'staged\n');
  await folder.git('add', 'staged.txt');
  await folder.write('mine.txt', 'edited\n');
  await folder.write('untracked.txt', 'untracked\n');
}

const script = fileURLToPath(new URL('fixtures/killed-writer.ts', import.meta.url));

async function runUntilKilled(folder: GitFolder, remote: string, point: string, visit = 1, race = '-') {
  const args = ['--import', 'tsx', script, folder.dir, 'main', remote, point, String(visit), race];
  const child = spawn(process.execPath, args, { env: folder.env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code, signal] = await once(child, 'exit');
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
}

/** The next process does the same work and its own; then both are there once, and no trace is left. */
async function expectRecovery(place: Place, { folder, log }: Writer): Promise<void> {
  await appendOnce(log, 'second');
  await appendOnce(log, 'first');
  const tip = await place.truth.git('show', 'main:log.txt');
  expect(tip.split('\n').toSorted()).toEqual(['first', 'second', 'start']);
  expect(`${await folder.read('log.txt')}`.trimEnd()).toBe(tip);
  expect(await readdir(join(folder.dir, 'new'))).toEqual(['first.txt', 'second.txt']);
  expect(await folder.exists('old')).toBe(false);
  const status = (await folder.gitCode('status', '--porcelain')).stdout;
  expect(status).toBe(' M mine.txt\nA  staged.txt\n?? untracked.txt\n');
  expect(await folder.read('mine.txt')).toBe('edited\n');
  const left = await readdir(join(folder.dir, '.git'));
  expect(left.filter((name) => /lock|millwright-|index\./.test(name))).toEqual([]);
  expect(await readdir(join(folder.dir, '.git/millwright'))).toEqual([]);
  await folder.git('fsck', '--strict', '--no-dangling');
}
