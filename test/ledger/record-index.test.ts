import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Entry, toLine } from '../../src/contracts/record.ts';
import { applyEdits } from '../../src/git/edit.ts';
import { emptyTree, ObjectStore } from '../../src/git/object-store.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Snapshot } from '../../src/git/snapshot.ts';
import { RecordIndex } from '../../src/ledger/record-index.ts';
import type { BadLine } from '../../src/ledger/segments.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';

let folder: GitFolder;
let store: ObjectStore;
let cache = '';
let caches = 0;
beforeAll(async () => {
  folder = await gitFolder();
  store = new ObjectStore(await openRepository(folder.dir));
});
afterAll(async () => {
  store.close();
  await folder[Symbol.asyncDispose]();
});
beforeEach(() => {
  caches += 1;
  cache = join(folder.dir, `cache-${caches}`);
});

function entry(id: string, more: Readonly<Record<string, unknown>> = {}): Entry {
  return {
    id,
    kind: 'outcome',
    schema_version: 1,
    recorded_at: '2026-11-21T08:30:00.000Z',
    source: 'a',
    idea_id: 'i',
    outcome: 'failed',
    ...more,
  } as Entry;
}

/** A history of segments, each a list of lines. */
async function history(...segments: readonly (readonly (Entry | string)[])[]): Promise<Snapshot> {
  const edits = segments.map((lines, at) => ({
    put: `state/outcome/2026-11/${String(at + 1).padStart(4, '0')}.jsonl`,
    content: lines.map((line) => (typeof line === 'string' ? `${line}\n` : toLine(line))).join(''),
  }));
  return new Snapshot(store, await applyEdits(store, emptyTree, edits));
}

const look = (index: RecordIndex, snapshot: Snapshot, ...entries: readonly Entry[]) =>
  index.look(snapshot, 'outcome', entries);

describe('the index of a history', () => {
  test('says of an entry whether its id is new, and whether its content is the same.', async () => {
    const snapshot = await history([entry('a')], [entry('b', { notes: 'x' })]);
    const index = new RecordIndex(cache);
    const asked = [
      entry('a'),
      entry('b'),
      entry('b', { notes: 'x', recorded_at: '2027-01-01T00:00:00.000Z', source: 'elsewhere' }),
      entry('c'),
    ];
    expect(await look(index, snapshot, ...asked)).toEqual(['same', 'other', 'same', 'new']);
    expect(await index.count(snapshot, 'outcome')).toBe(2);
    expect(await index.look(snapshot, 'patch', [entry('a')])).toEqual(['new']);
    expect(await index.count(snapshot, 'patch')).toBe(0);
  });

  test('knows a record that others wrote, with its fields in another order.', async () => {
    const line =
      '{"outcome":"failed","idea_id":"i","source":"hand","recorded_at":"x","schema_version":1,"kind":"outcome","id":"a"}';
    expect(
      await look(new RecordIndex(cache), await history([line]), entry('a'), entry('a', { notes: 'x' })),
    ).toEqual(['same', 'other']);
  });

  test('takes an id that stands twice in the history for recorded with either content.', async () => {
    const snapshot = await history([entry('a'), entry('a', { notes: 'x' })]);
    expect(
      await look(
        new RecordIndex(cache),
        snapshot,
        entry('a'),
        entry('a', { notes: 'x' }),
        entry('a', { notes: 'y' }),
      ),
    ).toEqual(['same', 'same', 'other']);
  });

  test('does not count a line that is no record, and reports it.', async () => {
    const bad: BadLine[] = [];
    const snapshot = await history([
      'garbage',
      '<<<<<<< HEAD',
      toLine(entry('cut')).slice(0, 120),
      '',
      toLine(entry('a')).trimEnd(),
    ]);
    const index = new RecordIndex(cache, (one) => bad.push(one));
    expect(await look(index, snapshot, entry('a'), entry('cut'))).toEqual(['same', 'new']);
    expect(bad.map(({ line }) => line).slice(0, 2)).toEqual([1, 2]);
  });

  test('grows with the history, and answers as an index that was made anew.', async () => {
    const step = fc.record({ id: fc.integer({ min: 0, max: 12 }), notes: fc.constantFrom('x', 'y') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 3 }), { maxLength: 4 }),
        async (versions) => {
          const index = new RecordIndex(cache);
          for (const version of versions) {
            const snapshot = await history(
              ...version.map((lines) => lines.map(({ id, notes }) => entry(`n${id}`, { notes }))),
            );
            const asked = Array.from({ length: 13 }, (_, id) => entry(`n${id}`, { notes: 'x' }));
            const all = version.flat();
            const wanted = asked.map((_, id) => {
              const there = all.filter((one) => one.id === id);
              if (there.length === 0) return 'new';
              return there.some(({ notes }) => notes === 'x') ? 'same' : 'other';
            });
            expect(await look(index, snapshot, ...asked)).toEqual(wanted);
            expect(await index.count(snapshot, 'outcome')).toBe(all.length);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('forgets what a rewritten history no longer holds.', async () => {
    const index = new RecordIndex(cache);
    expect(await look(index, await history([entry('a'), entry('b')]), entry('b'))).toEqual(['same']);
    expect(await look(index, await history([entry('a')]), entry('b'))).toEqual(['new']);
    expect(await look(index, await history([entry('a'), entry('c')]), entry('b'), entry('c'))).toEqual([
      'new',
      'same',
    ]);
    expect(await look(index, await history([entry('a', { notes: 'x' }), entry('c')]), entry('a'))).toEqual([
      'other',
    ]);
    expect(await look(index, await history([entry('z')], [entry('a')]), entry('c'), entry('a'))).toEqual([
      'new',
      'same',
    ]);
    expect(await look(index, await history(), entry('a'))).toEqual(['new']);
  });

  test('keeps apart what two snapshots hold, when one of them is never published.', async () => {
    const index = new RecordIndex(cache);
    const pending = await history([entry('a'), entry('mine')]);
    expect(await look(index, pending, entry('mine'))).toEqual(['same']);
    const theirs = await history([entry('a'), entry('theirs')]);
    expect(await look(index, theirs, entry('mine'), entry('theirs'))).toEqual(['new', 'same']);
    const both = await Promise.all([
      look(index, pending, entry('mine'), entry('theirs')),
      look(index, theirs, entry('mine'), entry('theirs')),
    ]);
    expect(both).toEqual([
      ['same', 'new'],
      ['new', 'same'],
    ]);
  });

  test('reads the history once for any number of entries that it is not sure of.', async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => entry(`n${n}`));
    const snapshot = await history(
      ...Array.from({ length: 30 }, (_, at) => many.slice(at * 100, at * 100 + 100)),
    );
    const since = performance.now();
    const known = await look(
      new RecordIndex(cache),
      snapshot,
      ...many.map(({ id }) => entry(id, { notes: 'changed' })),
    );
    expect(new Set(known)).toEqual(new Set(['other']));
    expect(performance.now() - since).toBeLessThan(10_000);
  });
});

describe('the cache of an index', () => {
  const asked = [entry('a'), entry('b', { notes: 'x' }), entry('c'), entry('d')];
  const wanted = ['same', 'other', 'same', 'new'];
  const full = () => history([entry('a')], [entry('b')], [entry('c')]);

  test('holds 16 bytes a record for every closed segment, and none for the open one.', async () => {
    expect(await look(new RecordIndex(cache), await full(), ...asked)).toEqual(wanted);
    const files = await readdir(join(cache, 'index'));
    expect(files).toHaveLength(2);
    for (const file of files) expect((await readFile(join(cache, 'index', file))).length).toBe(32);
  });

  test('is used: a closed segment is read once.', async () => {
    await look(new RecordIndex(cache), await full(), ...asked);
    const snapshot = await full();
    const read: string[] = [];
    const blob = snapshot.blob.bind(snapshot);
    snapshot.blob = (oid) => {
      read.push(oid);
      return blob(oid);
    };
    expect(await look(new RecordIndex(cache), snapshot, entry('a'), entry('b'), entry('d'))).toEqual([
      'same',
      'same',
      'new',
    ]);
    expect(read).toHaveLength(1);
  });

  test.each([
    ['deleted', (file: string) => rm(file)],
    ['empty', (file: string) => writeFile(file, '')],
    ['cut', async (file: string) => writeFile(file, (await readFile(file)).subarray(0, 16))],
    [
      'longer',
      async (file: string) => writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(16)])),
    ],
    ['garbage of the right length', (file: string) => writeFile(file, Buffer.alloc(32, 7))],
    ['all zeros', (file: string) => writeFile(file, Buffer.alloc(32))],
    ['from another program', (file: string) => writeFile(file, 'not an index at all')],
    ['a folder', (file: string) => rm(file).then(() => mkdir(file))],
  ])('may be %s: then the history itself is read.', async (_what, spoil) => {
    const snapshot = await full();
    await look(new RecordIndex(cache), snapshot, ...asked);
    for (const file of await readdir(join(cache, 'index'))) await spoil(join(cache, 'index', file));
    expect(await look(new RecordIndex(cache), snapshot, ...asked)).toEqual(wanted);
  });

  test('of one segment does not pass for that of another.', async () => {
    const snapshot = await full();
    await look(new RecordIndex(cache), snapshot, ...asked);
    const [one = '', other = ''] = await readdir(join(cache, 'index'));
    await writeFile(join(cache, 'index', one), await readFile(join(cache, 'index', other)));
    expect(await look(new RecordIndex(cache), snapshot, ...asked)).toEqual(wanted);
  });

  test('that cannot be written only costs time.', async () => {
    await writeFile(cache, 'a file where the folder should be');
    expect(await look(new RecordIndex(cache), await full(), ...asked)).toEqual(wanted);
    expect(await look(new RecordIndex(cache), await full(), ...asked)).toEqual(wanted);
  });
});
