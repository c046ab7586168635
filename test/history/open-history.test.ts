import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kinds } from '../../src/contracts/kinds.ts';
import { historyFolder, outcomeLine, outcomeLines, segment } from './history-folder.ts';

const counts = 'SELECT path, records AS n FROM _segments ORDER BY ALL';
const ids = 'SELECT id FROM outcome ORDER BY id';

describe('the history as tables', () => {
  test('has an empty table for every kind when nothing was recorded.', async () => {
    await using history = await historyFolder();
    const all = kinds.map(({ name }) => `SELECT '${name}' AS kind, count(*) AS n FROM "${name}"`);
    const { rows, inMemory } = await history.ask(all.join(' UNION ALL '));
    expect(rows).toEqual(expect.arrayContaining(kinds.map(({ name }) => ({ kind: name, n: 0 }))));
    expect(inMemory).toBeUndefined();
  });

  test('reads each segment once, by the id of its blob.', async () => {
    await using history = await historyFolder({
      [segment(1)]: outcomeLines('a', 3),
      [segment(2)]: outcomeLines('b', 2),
    });
    expect((await history.ask(counts)).rows).toEqual([
      { path: segment(1), n: 3 },
      { path: segment(2), n: 2 },
    ]);
    // What a segment said is not read again: a mark in its rows survives.
    await history.change("UPDATE outcome SET notes = 'kept'");
    await history.commit({ [segment(2)]: outcomeLines('b', 4), [segment(3)]: outcomeLines('c', 1) });
    const { rows } = await history.ask('SELECT id, notes FROM outcome WHERE notes IS NOT NULL ORDER BY id');
    expect(rows).toEqual(['a-0', 'a-1', 'a-2'].map((id) => ({ id, notes: 'kept' })));
    expect((await history.ask(counts)).rows).toEqual([
      { path: segment(1), n: 3 },
      { path: segment(2), n: 4 },
      { path: segment(3), n: 1 },
    ]);
  });

  test('replaces an open segment that has grown: nothing is there twice.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 2) });
    await history.ask(ids);
    for (const count of [3, 4, 5]) {
      await history.commit({ [segment(1)]: outcomeLines('a', count) });
      expect((await history.ask(ids)).rows).toHaveLength(count);
    }
    expect((await history.ask('SELECT count(*) AS n FROM _segments')).rows).toEqual([{ n: 1 }]);
  });

  test('forgets a segment that is gone, and takes it back when it comes back.', async () => {
    await using history = await historyFolder({
      [segment(1)]: outcomeLines('a', 2),
      [segment(2)]: outcomeLines('b', 1),
    });
    await history.ask(ids);
    await history.commit({ [segment(1)]: null });
    expect((await history.ask(ids)).rows).toEqual([{ id: 'b-0' }]);
    await history.commit({ [segment(1)]: outcomeLines('a', 2) });
    expect((await history.ask(ids)).rows).toEqual([{ id: 'a-0' }, { id: 'a-1' }, { id: 'b-0' }]);
  });

  test('looks at segments of the right name only.', async () => {
    await using history = await historyFolder({
      [segment(1)]: outcomeLines('a', 1),
      'state/outcome/2026-11/notes.txt': 'hello\n',
      'state/outcome/2026-11/1.jsonl': outcomeLines('x', 1),
      'state/outcome/README.md': 'hello\n',
      'state/outcome/old/0001.jsonl': outcomeLines('y', 1),
      'state/outcome/2026-11/99999.jsonl': outcomeLines('b', 1),
    });
    expect((await history.ask(ids)).rows).toEqual([{ id: 'a-0' }, { id: 'b-0' }]);
  });

  test('reads many segments at once.', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 401 }, (_, at) => [segment(at + 1), outcomeLine(`r-${at}`)] as const),
    );
    await using history = await historyFolder(files);
    const { rows } = await history.ask(
      'SELECT count(*) AS n, (SELECT count(*) FROM _segments) AS files FROM outcome',
    );
    expect(rows).toEqual([{ n: 401, files: 401 }]);
    expect(await readdir(history.cache)).toEqual(['history.duckdb']);
  });

  test('keeps two kinds apart that have a segment of the same name.', async () => {
    const signal = {
      id: 's-1',
      kind: 'research_signal',
      schema_version: 1,
      recorded_at: '2026-11-21T03:20:50.114Z',
      source: 'perplexity',
      relevance: 'high',
      domain: 'caching',
      title: 'Cheaper',
      tags: ['a', 'b'],
    };
    await using history = await historyFolder({
      [segment(1)]: outcomeLines('a', 1),
      [segment(1, 'research_signal')]: `${JSON.stringify(signal)}\n`,
    });
    const { rows } = await history.ask('SELECT id, source, tags FROM research_signal');
    expect(rows).toEqual([{ id: 's-1', source: 'perplexity', tags: ['a', 'b'] }]);
    expect((await history.ask(ids)).rows).toHaveLength(1);
  });
});

describe('the file of the projection', () => {
  const garbage = 'this is no database '.repeat(1_000);

  test.each([
    ['garbage', async (path: string) => writeFile(path, garbage)],
    ['an empty file', async (path: string) => writeFile(path, '')],
    ['half of a database', async (path: string) => writeFile(path, Buffer.alloc(20_000, 1))],
    [
      'garbage with a log beside it',
      async (path: string) => {
        await writeFile(path, garbage);
        await writeFile(`${path}.wal`, garbage);
      },
    ],
  ])('is made anew when it is %s.', async (_what, spoil) => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    await history.ask(ids);
    await spoil(join(history.cache, 'history.duckdb'));
    const { rows, inMemory } = await history.ask(ids);
    expect(rows).toHaveLength(3);
    expect(inMemory).toBeUndefined();
    const again = await history.ask(ids);
    expect(again.rows).toHaveLength(3);
  });

  test('is made anew when its tables are of another shape, or not ours.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    for (const spoil of ["UPDATE _shape SET shape = 'old'", 'DROP TABLE _shape', 'DROP TABLE outcome']) {
      await history.ask(ids);
      await history.change(spoil);
      const { rows, inMemory } = await history.ask(ids);
      expect(inMemory).toBeUndefined();
      expect(rows, spoil).toHaveLength(3);
    }
  });

  test('is made anew when the folder is gone, and leaves nothing else in it.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    await history.ask(ids);
    await rm(history.cache, { recursive: true });
    expect((await history.ask(ids)).rows).toHaveLength(3);
    expect(await readdir(history.cache)).toEqual(['history.duckdb']);
    expect(await history.folder.git('status', '--porcelain')).toBe('');
  });

  test('is recognised as damaged in a folder whose name speaks of locks.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    await using inside = await history.cloneInto('blockchain: set lock on file');
    await inside.ask(ids);
    await writeFile(join(inside.cache, 'history.duckdb'), garbage);
    expect(await inside.ask(ids)).toMatchObject({ rows: { length: 3 }, inMemory: undefined });
  });

  test.each(["it's", 'a[b]c', 'a*b', 'x y', '{a,b}', '日本', '100%25', 'x=1;y'])(
    'loads within a folder that is called %s.',
    async (name) => {
      await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
      await using inside = await history.cloneInto(name);
      expect(await inside.ask(ids)).toMatchObject({ rows: { length: 3 }, inMemory: undefined });
      expect(await inside.ask(ids)).toMatchObject({ rows: { length: 3 }, inMemory: undefined });
    },
  );

  test('gives way to memory where DuckDB cannot have it: it takes a question mark for the end of a path.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    await using inside = await history.cloneInto('what?');
    const { rows, inMemory } = await inside.ask(ids);
    expect(rows).toHaveLength(3);
    expect(inMemory).toContain('No such file or directory');
  });

  test('gives way to memory where its folder cannot be made.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    await writeFile(history.cache, 'a file is in the way');
    const { rows, inMemory } = await history.ask(ids);
    expect(rows).toHaveLength(3);
    expect(inMemory).toContain('EEXIST');
  });

  test('is left with nothing of a load that was killed.', async () => {
    await using history = await historyFolder({ [segment(1)]: outcomeLines('a', 3) });
    await history.folder.write('.millwright/history.duckdb.99999999-0123abcd.new', 'left behind\n');
    await history.ask(ids);
    expect(await readdir(history.cache)).toEqual(['history.duckdb']);
  });
});

describe('the checkout', () => {
  test('is where segments are read, and counts for nothing where it is not what was committed.', async () => {
    await using history = await historyFolder({
      [segment(1)]: outcomeLines('a', 2),
      [segment(2)]: outcomeLines('b', 2),
      [segment(3)]: outcomeLines('c', 2),
    });
    await history.folder.write(segment(1), outcomeLines('edited', 5));
    await history.folder.write(segment(2), 'garbage\n');
    await rm(join(history.folder.dir, segment(3)));
    const { rows, bad } = await history.ask(ids);
    expect(rows).toEqual(['a-0', 'a-1', 'b-0', 'b-1', 'c-0', 'c-1'].map((id) => ({ id })));
    expect(bad).toEqual([]);
  });

  test('with bytes that are no text gives the same rows as git does.', async () => {
    await using history = await historyFolder({});
    const [before, after] = outcomeLine('x', { notes: 'a|b' }).split('|');
    const bytes = Buffer.concat([Buffer.from(before ?? ''), Buffer.from([0xff]), Buffer.from(after ?? '')]);
    await history.commit({ [segment(1)]: outcomeLines('a', 2), [segment(2)]: bytes });
    const { rows, bad } = await history.ask('SELECT id, notes FROM outcome ORDER BY id');
    expect(bad).toEqual([]);
    expect(rows).toEqual([
      { id: 'a-0', notes: null },
      { id: 'a-1', notes: null },
      { id: 'x', notes: 'a\ufffdb' },
    ]);
  });
});
