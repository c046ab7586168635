import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { smallDisk } from '../e2e/small-disk.ts';
import { historyFolder, outcomeLine, outcomeLines, segment } from './history-folder.ts';

const everything = 'SELECT * FROM outcome ORDER BY ALL';
const lines = (name: string, n: number) => outcomeLines(name, n);

describe('a history that was loaded step by step', () => {
  test('is row for row what a rebuild from nothing gives.', async () => {
    await using history = await historyFolder({ [segment(1)]: lines('a', 40) });
    const steps: Readonly<Record<string, string | null>>[] = [
      { [segment(1)]: lines('a', 60), [segment(2)]: lines('b', 5) },
      {
        [segment(2)]:
          `${lines('b', 5)}garbage\n${outcomeLine('c', { emitted_at: '2026-11-21T10:00:00+02:00' })}`,
      },
      { [segment(1)]: null, [segment(3)]: outcomeLine('d', { notes: 'a "b" \\ \n é 日本' }) },
      { [segment(1)]: lines('a', 10), [segment(2)]: null },
    ];
    for (const step of steps) {
      await history.commit(step);
      const grown = await history.ask(everything);
      await history.forget();
      const anew = await history.ask(everything);
      expect(grown.rows).toEqual(anew.rows);
      expect(grown.bad).toEqual(anew.bad);
    }
  });

  test('makes the file anew once so much is missing that each opening would pay for it.', async () => {
    await using history = await historyFolder({ [segment(1)]: lines('a', 10) });
    await history.ask(everything);
    const held = async () => (await history.held()).length;
    await history.commit({ [segment(2)]: lines('b', 100) });
    await history.ask('SELECT 1');
    expect(await held()).toBe(1);
    await history.commit({ [segment(3)]: outcomeLine('c', { notes: 'x'.repeat(90_000) }).repeat(50) });
    expect((await history.ask<{ n: number }>('SELECT count(*) AS n FROM outcome')).rows).toEqual([
      { n: 160 },
    ]);
    expect(await held()).toBe(3);
  });

  test('holds a segment of 200 MB that another tool made.', async () => {
    await using history = await historyFolder({});
    const one = Buffer.from(
      outcomeLine('big', { notes: 'x'.repeat(2_000) }).replace('"id":"big"', '"id": "big"'),
    );
    await history.commit({
      [segment(1)]: Buffer.concat(Array.from({ length: Math.ceil(200e6 / one.length) }, () => one)),
    });
    const [row] = (await history.ask<{ n: number }>('SELECT count(*) AS n FROM outcome')).rows;
    expect(row?.n).toBe(Math.ceil(200e6 / one.length));
  }, 120_000);
});

describe('a segment that takes long', () => {
  test('is left in the middle when somebody presses Ctrl-C, and leaves nothing behind.', async () => {
    const line = outcomeLine('x', { notes: 'x'.repeat(500) }).replace('"id":"x"', '"id": "x"');
    await using history = await historyFolder({ [segment(1)]: line.repeat(20_000) });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    await expect(history.openWith({ signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(history.cache)).toEqual([]);
    expect((await history.ask<{ n: number }>('SELECT count(*) AS n FROM outcome')).rows).toEqual([
      { n: 20_000 },
    ]);
  });

  test('does not take longer than its length: maps of a hundred thousand keys are no trap.', async () => {
    const extra = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`key${at}`, at]));
    await using history = await historyFolder({ [segment(1)]: outcomeLine('wide', { extra }) });
    const { rows, bad } = await history.ask<{ n: number }>(
      "SELECT (extra->>'key99999')::INT AS n FROM outcome",
    );
    expect([rows, bad]).toEqual([[{ n: 99_999 }], []]);
  });
});

describe('a cache without room', () => {
  test('gives way to memory, says why, and is used again when there is room.', async () => {
    await using disk = await smallDisk(8);
    await using history = await historyFolder({ [segment(1)]: lines('a', 2_000) });
    // Only root can mount a small disk. A cache that cannot be made is tested beside this without one.
    if (disk === undefined) return;
    await history.placeCache(join(disk.dir, 'cache'));
    await disk.leave(100_000);
    const full = await history.ask('SELECT count(*) AS n FROM outcome');
    expect([full.rows, full.inMemory]).toEqual([
      [{ n: 2_000 }],
      expect.stringMatching(/space|full|ENOSPC|write/i),
    ]);
    await disk.leave(6_000_000);
    expect(await history.ask('SELECT count(*) AS n FROM outcome')).toMatchObject({
      rows: [{ n: 2_000 }],
      inMemory: undefined,
    });
  });

  test('with a file that nobody may read is as good as none.', async () => {
    await using history = await historyFolder({ [segment(1)]: lines('a', 20) });
    await history.ask(everything);
    await writeFile(join(history.cache, 'history.duckdb.wal'), 'garbage');
    expect(await history.ask('SELECT count(*) AS n FROM outcome')).toMatchObject({ rows: [{ n: 20 }] });
  });
});
