import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/contracts/clock.ts';
import { installFaultHook } from '../../src/contracts/fault-point.ts';
import { withProcessLock } from '../../src/git/process-lock.ts';
import { rowsOf } from '../../src/history/rows.ts';
import { historyFolder, outcomeLines, segment } from './history-folder.ts';

const program = fileURLToPath(new URL('./fixtures/hold-history.ts', import.meta.url));
const count = 'SELECT count(*) AS n FROM outcome';

interface Holder {
  readonly said: Promise<{ n: number; inMemory: string | null }>;
  readonly child: ChildProcess;
  /** Lets it close its history and end. */
  end(): Promise<void>;
}

function hold(dir: string): Holder {
  const child = spawn(process.execPath, ['--import', 'tsx', program, dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
  });
  const said = new Promise<{ n: number; inMemory: string | null }>((resolve, reject) => {
    child.stdout.once('data', (text: Buffer) => resolve(JSON.parse(text.toString('utf8'))));
    child.once('close', () => reject(new Error('it ended without a word')));
  });
  return {
    child,
    said,
    end: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

describe('a history that several ask at once', () => {
  test('is read by all of them from one file, while it grows and is made anew.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    const early = hold(history.folder.dir);
    expect(await early.said).toEqual({ n: 3, inMemory: null });
    await history.commit({ [segment(2)]: outcomeLines('b', 2) });
    expect(await history.ask(count)).toMatchObject({ rows: [{ n: 5 }], inMemory: undefined });
    await history.change("UPDATE _shape SET shape = 'old'").catch(() => undefined);
    const late = hold(history.folder.dir);
    expect(await late.said).toEqual({ n: 5, inMemory: null });
    await Promise.all([early.end(), late.end()]);
  });

  test('answers two processes that start together, and takes no harm when one is killed.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 300) });
    const both = [hold(history.folder.dir), hold(history.folder.dir)];
    const said = await Promise.all(both.map((holder) => holder.said));
    expect(said.map(({ n }) => n)).toEqual([300, 300]);
    both[0]?.child.kill('SIGKILL');
    await Promise.all(both.map((holder) => holder.end()));
    expect(await history.ask(count)).toMatchObject({ rows: [{ n: 300 }], inMemory: undefined });
    expect(await readdir(history.cache)).toEqual(['history.duckdb']);
  });

  test('is built in memory, with the reason, while another process makes the file.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    const lock = join(history.cache, 'history.duckdb.lock');
    await withProcessLock(lock, systemClock, async () => {
      const { rows, inMemory } = await history.ask(count);
      expect([rows, inMemory]).toEqual([[{ n: 3 }], 'another process is making it']);
    });
    expect((await history.ask(count)).inMemory).toBeUndefined();
  });

  test('is made once more when somebody deletes the cache just then.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    let deleted = 0;
    installFaultHook(async (point) => {
      if (point !== 'history:built' || deleted > 0) return;
      deleted += 1;
      await rm(history.cache, { recursive: true });
    });
    try {
      expect(await history.ask(count)).toMatchObject({ rows: [{ n: 3 }], inMemory: undefined });
    } finally {
      installFaultHook(undefined);
    }
    expect(deleted).toBe(1);
    expect(await readdir(history.cache)).toEqual(['history.duckdb']);
  });

  test('can be opened by one process twice, and be deleted while it is in use.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    await history.ask(count);
    const [first, second] = [await history.open(), await history.open()];
    await rm(history.cache, { recursive: true });
    for (const open of [first, second]) {
      expect(open.inMemory).toBeUndefined();
      expect(await rowsOf(open.connection, count)).toEqual([{ n: 3 }]);
      open.close();
    }
    expect(await history.ask(count)).toMatchObject({ rows: [{ n: 3 }], inMemory: undefined });
  });
});
