import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
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
  test('is built in memory, with the reason, while another process holds the file; and is then used again.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    const holder = hold(history.folder.dir);
    expect(await holder.said).toEqual({ n: 3, inMemory: null });
    await history.commit({ [segment(2)]: outcomeLines('b', 2) });
    const { rows, inMemory } = await history.ask(count);
    expect(rows).toEqual([{ n: 5 }]);
    expect(inMemory).toMatch(/could not set lock on file/i);
    await holder.end();
    expect(await history.ask(count)).toMatchObject({ rows: [{ n: 5 }], inMemory: undefined });
  });

  test('answers two processes that start together, and takes no harm when one is killed.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 300) });
    const both = [hold(history.folder.dir), hold(history.folder.dir)];
    const said = await Promise.all(both.map((holder) => holder.said));
    expect(said.map(({ n }) => n)).toEqual([300, 300]);
    expect(said.filter(({ inMemory }) => inMemory === null)).toHaveLength(1);
    const holding = both[said.findIndex(({ inMemory }) => inMemory === null)];
    holding?.child.kill('SIGKILL');
    await Promise.all(both.map((holder) => holder.end()));
    expect(await history.ask(count)).toMatchObject({ rows: [{ n: 300 }], inMemory: undefined });
    expect((await readdir(history.cache)).filter((name) => name.startsWith('load-'))).toEqual([]);
  });

  test('is opened by one process twice without harm: the second time in memory.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    const [first, second] = [await history.open(), await history.open()];
    expect([first.inMemory, second.inMemory]).toEqual([
      undefined,
      expect.stringContaining('is open in this process already'),
    ]);
    expect(await rowsOf(second.connection, count)).toEqual([{ n: 3 }]);
    second.close();
    // The lock of the first one still stands.
    const holder = hold(history.folder.dir);
    expect(await holder.said).toEqual({ n: 3, inMemory: expect.stringMatching(/could not set lock/i) });
    await holder.end();
    first.close();
    expect((await history.ask(count)).inMemory).toBeUndefined();
  });
});
