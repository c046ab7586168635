import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyEdits } from '../../src/git/edit.ts';
import { emptyTree, ObjectStore } from '../../src/git/object-store.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Snapshot } from '../../src/git/snapshot.ts';
import { appendLines } from '../../src/ledger/append-lines.ts';
import { readEntries, readLast } from '../../src/ledger/read-entries.ts';
import { type BadLine, listSegments, parseSegment } from '../../src/ledger/segments.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';

const KIB = 1_024;

describe('the segments of a history', () => {
  let folder: GitFolder;
  let store: ObjectStore;
  beforeAll(async () => {
    folder = await gitFolder();
    store = new ObjectStore(await openRepository(folder.dir));
  });
  afterAll(async () => {
    store.close();
    await folder[Symbol.asyncDispose]();
  });

  const line = (id: string, bytes = 100) => {
    const bare = `${JSON.stringify({ id, fill: '' })}\n`;
    return `${JSON.stringify({ id, fill: 'x'.repeat(Math.max(0, bytes - bare.length)) })}\n`;
  };
  const append = async (
    tree: string,
    lines: readonly { month: string; text: string }[],
    segmentBytes: number,
  ) => applyEdits(store, tree, await appendLines(new Snapshot(store, tree), 'outcome', lines, segmentBytes));
  const sizes = async (tree: string) => {
    const snapshot = new Snapshot(store, tree);
    const segments = await listSegments(snapshot, 'outcome');
    return Promise.all(
      segments.map(
        async ({ path, oid }) =>
          [path.replace('state/outcome/', ''), (await snapshot.blob(oid)).length] as const,
      ),
    );
  };

  test('are closed before they would pass their size, to the byte.', async () => {
    const lines = Array.from({ length: 4 }, (_, n) => ({ month: '2026-11', text: line(`n${n}`, 512) }));
    const exact = await append(emptyTree, lines, KIB);
    expect(await sizes(exact)).toEqual([
      ['2026-11/0001.jsonl', KIB],
      ['2026-11/0002.jsonl', KIB],
    ]);
    const one = await append(emptyTree, lines, KIB - 1);
    expect((await sizes(one)).map(([, size]) => size)).toEqual([512, 512, 512, 512]);
  });

  test('take a quarter of a megabyte each, by default.', async () => {
    const lines = Array.from({ length: 700 }, (_, n) => ({ month: '2026-11', text: line(`n${n}`, KIB) }));
    expect((await sizes(await append(emptyTree, lines, 256 * KIB))).map(([, size]) => size / KIB)).toEqual([
      256, 256, 188,
    ]);
  });

  test('hold a line that is larger than a segment by itself.', async () => {
    const lines = [
      ['a', 100],
      ['big', 5_000],
      ['b', 100],
    ] as const;
    const tree = await append(
      emptyTree,
      lines.map(([id, bytes]) => ({ month: '2026-11', text: line(id, bytes) })),
      KIB,
    );
    expect((await sizes(tree)).map(([, size]) => size)).toEqual([100, 5_000, 100]);
    const first = await append(emptyTree, [{ month: '2026-11', text: line('big', 5_000) }], KIB);
    expect((await sizes(first)).map(([, size]) => size)).toEqual([5_000]);
  });

  test('count bytes, not letters.', async () => {
    const text = `${JSON.stringify({ id: 'a', fill: '日'.repeat(200) })}\n`;
    const tree = await append(
      emptyTree,
      [text, text].map((one) => ({ month: '2026-11', text: one })),
      KIB,
    );
    expect(await sizes(tree)).toHaveLength(2);
  });

  test('lie in folders of months, each with numbers of its own, also when the clock goes back.', async () => {
    let tree = await append(
      emptyTree,
      [
        { month: '2026-11', text: line('nov') },
        { month: '2026-12', text: line('dec') },
      ],
      KIB,
    );
    tree = await append(tree, [{ month: '2026-11', text: line('late') }], KIB);
    tree = await append(tree, [{ month: '2025-01', text: line('early') }], KIB);
    expect((await sizes(tree)).map(([path, size]) => [path, size])).toEqual([
      ['2025-01/0001.jsonl', 100],
      ['2026-11/0001.jsonl', 200],
      ['2026-12/0001.jsonl', 100],
    ]);
    const entries = await readEntries(new Snapshot(store, tree), 'outcome');
    expect(entries.map(({ id }) => id)).toEqual(['early', 'nov', 'late', 'dec']);
  });

  test('keep two records apart when a tool has cut the last line end, and keep every byte that is there.', async () => {
    const odd = Buffer.concat([
      Buffer.from('{"id":"a","fill":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}\r\n{"id":"b"}'),
    ]);
    const path = 'state/outcome/2026-11/0001.jsonl';
    const before = await applyEdits(store, emptyTree, [{ put: path, content: odd }]);
    const tree = await append(before, [{ month: '2026-11', text: line('c') }], KIB);
    const content = await new Snapshot(store, tree).bytes(path);
    expect(content?.equals(Buffer.concat([odd, Buffer.from(`\n${line('c')}`)]))).toBe(true);
    const full = await append(before, [{ month: '2026-11', text: line('c', KIB) }], KIB);
    expect((await new Snapshot(store, full).bytes(path))?.equals(odd)).toBe(true);
    expect((await sizes(full)).length).toBe(2);
  });

  test('go on with the number after the last one, past 9999, and leave other files alone.', async () => {
    const before = await applyEdits(store, emptyTree, [
      { put: 'state/outcome/2026-11/9999.jsonl', content: line('a', KIB) },
      { put: 'state/outcome/2026-11/notes.txt', content: 'x' },
      { put: 'state/outcome/2026-11/12.jsonl', content: line('no') },
      { put: 'state/outcome/README.md', content: 'x' },
      { put: 'state/outcome/somewhere/0001.jsonl', content: line('no') },
    ]);
    let tree = await append(before, [{ month: '2026-11', text: line('b', KIB) }], KIB);
    tree = await append(tree, [{ month: '2026-11', text: line('c', KIB) }], KIB);
    expect((await sizes(tree)).map(([path]) => path)).toEqual([
      '2026-11/9999.jsonl',
      '2026-11/10000.jsonl',
      '2026-11/10001.jsonl',
    ]);
    expect((await readEntries(new Snapshot(store, tree), 'outcome')).map(({ id }) => id)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(await new Snapshot(store, tree).text('state/outcome/2026-11/notes.txt')).toBe('x');
  });

  test('behave like one list that only grows, cut into pieces that never change once they are full.', async () => {
    const batch = fc.array(
      fc.record({
        month: fc.constantFrom('2026-10', '2026-11'),
        size: fc.oneof(fc.integer({ min: 30, max: 300 }), fc.integer({ min: 900, max: 1_400 })),
      }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 6 }), async (batches) => {
        let tree = emptyTree;
        let next = 0;
        const model = new Map<string, string[]>();
        for (const some of batches) {
          const before = new Map(await sizes(tree));
          const lines = some.map(({ month, size }) => ({ month, text: line(`r${next++}`, size) }));
          for (const { month, text } of lines) model.set(month, [...(model.get(month) ?? []), text]);
          const old = new Snapshot(store, tree);
          tree = await append(tree, lines, KIB);
          const now = new Snapshot(store, tree);
          const lastBefore = new Map([...before.keys()].map((path) => [path.slice(0, 7), path]));
          for (const path of before.keys()) {
            const [was, is] = [
              await old.text(`state/outcome/${path}`),
              await now.text(`state/outcome/${path}`),
            ];
            if (lastBefore.get(path.slice(0, 7)) === path) expect(is?.startsWith(was ?? '?')).toBe(true);
            else expect(is).toBe(was);
          }
        }
        const found = await sizes(tree);
        for (const [path, size] of found) {
          const content = (await new Snapshot(store, tree).text(`state/outcome/${path}`)) ?? '';
          expect(size <= KIB || content.split('\n').length === 2).toBe(true);
        }
        for (const [month, texts] of model) {
          const paths = found.map(([path]) => path).filter((path) => path.startsWith(month));
          const contents = await Promise.all(
            paths.map((path) => new Snapshot(store, tree).text(`state/outcome/${path}`)),
          );
          expect(contents.join('')).toBe(texts.join(''));
          expect(paths).toEqual(paths.map((_, at) => `${month}/${String(at + 1).padStart(4, '0')}.jsonl`));
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('a segment', () => {
  test('gives its records, and names what is none with its line.', () => {
    const bad: BadLine[] = [];
    const text = '{"id":"a"}\n\nnot json\n{"id":7}\n[]\nnull\n{"id":"b"}\r\n{"id":"c"';
    const entries = parseSegment('state/x/2026-11/0001.jsonl', text, (one) => bad.push(one));
    expect(entries.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(bad.map(({ line }) => line)).toEqual([3, 4, 5, 6, 8]);
    expect(bad[0]).toEqual({ path: 'state/x/2026-11/0001.jsonl', line: 3, found: 'not json' });
    expect(parseSegment('p', '', () => undefined)).toEqual([]);
  });

  test('shows of a bad line no more than fits a message.', () => {
    const bad: BadLine[] = [];
    parseSegment('p', 'x'.repeat(1_000_000), (one) => bad.push(one));
    expect(bad[0]?.found).toHaveLength(80);
  });

  test('that is not a file is not read.', async () => {
    await using folder = await gitFolder();
    const store = new ObjectStore(await openRepository(folder.dir));
    const target = await store.writeBlob(Buffer.from('/etc/passwd'));
    const tree = await applyEdits(store, emptyTree, [
      { put: 'state/outcome/2026-11/0001.jsonl', oid: target, mode: '120000' },
      { put: 'state/outcome/2026-11/0002.jsonl/inside', content: 'x' },
      { put: 'state/outcome/2026-11/0003.jsonl', content: '{"id":"a"}\n' },
    ]);
    const snapshot = new Snapshot(store, tree);
    expect((await listSegments(snapshot, 'outcome')).map(({ number }) => number)).toEqual([3]);
    store.close();
  });
});

test('the newest records are read from as few segments as needed.', async () => {
  await using folder = await gitFolder();
  const store = new ObjectStore(await openRepository(folder.dir));
  const tree = await applyEdits(store, emptyTree, [
    { put: 'state/pass/2026-10/0001.jsonl', content: 'not json\n' },
    { put: 'state/pass/2026-11/0001.jsonl', content: '{"id":"a"}\n{"id":"b"}\n' },
    { put: 'state/pass/2026-11/0002.jsonl', content: '{"id":"c"}\n' },
  ]);
  const snapshot = new Snapshot(store, tree);
  const read = async (wanted: number) => (await readLast(snapshot, 'pass', wanted)).map(({ id }) => id);
  expect(await read(1)).toEqual(['c']);
  expect(await read(2)).toEqual(['b', 'c']);
  expect(await read(9)).toEqual(['a', 'b', 'c']);
  expect(await readLast(snapshot, 'nothing', 3)).toEqual([]);
  const bad: number[] = [];
  expect((await readEntries(snapshot, 'pass', ({ line }) => bad.push(line))).length).toBe(3);
  expect(bad).toEqual([1]);
  store.close();
});
