import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cellSuite, claim, openCellWriter, swapOne } from './suites/cell-suite.ts';
import { byHttp, byPath, bySsh, inProcess, localPlace, remotePlace } from './suites/places.ts';

cellSuite('of a repository without a remote', (files) => localPlace(files));
cellSuite('of a remote reached by its path', (files) => remotePlace(files, byPath));
cellSuite('of a remote over http', (files) => remotePlace(files, byHttp()));
cellSuite('of a remote over http with a password', (files) =>
  remotePlace(files, byHttp({ user: 'ann', password: 'secret' })),
);
cellSuite('of a remote over http in this process', (files) => remotePlace(files, inProcess(byHttp())));
cellSuite('of a remote over http in this process with a password', (files) =>
  remotePlace(files, inProcess(byHttp({ user: 'ann', password: 'se:cret/' }))),
);
cellSuite('of a remote over ssh', (files) => remotePlace(files, bySsh));

describe('a cell', () => {
  test('whose lock is held for a moment is not taken: it is asked again.', async () => {
    await using place = await localPlace({ 'a.txt': 'one\n' });
    const { cells, folder } = openCellWriter(await place.writer());
    const held = await swapOne(cells, claim('s1', null, 'one'));
    const lock = join(folder.dir, '.git/refs/millwright/slots/s1.lock');
    await writeFile(lock, '');
    const freed = setTimeout(() => void rm(lock), 150);
    await swapOne(cells, claim('s1', held, 'two'));
    clearTimeout(freed);
  });

  test('whose lock nobody lets go is an error that names it.', async () => {
    await using place = await localPlace({ 'a.txt': 'one\n' });
    const { cells, folder } = openCellWriter(await place.writer());
    const held = await swapOne(cells, claim('s1', null, 'one'));
    await writeFile(join(folder.dir, '.git/refs/millwright/slots/s1.lock'), '');
    await expect(cells.swap([claim('s1', held, 'two')], 'claim')).rejects.toMatchObject({
      code: 'ref-locked',
      retry: 'back-off',
      message: expect.stringContaining('refs/millwright/slots/s1'),
    });
  });

  test.each(['', 'a b', '../x', 'x..y', '.hidden', 'x.lock', 'x~1', 'a\nb', 'x.', 'a//b', '@{u}'])(
    'with the unsafe id %j is refused before anything is pushed.',
    async (id) => {
      await using place = await localPlace({});
      const { cells } = openCellWriter(await place.writer());
      const both = cells.swap([claim('fine', null, 'x'), { ...claim('y', null, 'x'), id }], 'claim');
      await expect(both).rejects.toMatchObject({ code: 'unsafe-ref' });
      expect(await cells.readAll('slots')).toEqual(new Map());
    },
  );

  test('that somebody made without a file is still taken.', async () => {
    await using place = await localPlace({});
    const { cells, folder } = openCellWriter(await place.writer());
    const commit = await folder.git('commit-tree', '-m', 'odd', '4b825dc642cb6eb9a060e54bf8d69288fbee4904');
    await folder.git('update-ref', 'refs/millwright/slots/s1', commit);
    const by = { commit, path: '', content: Buffer.alloc(0) };
    expect(await cells.swap([claim('s1', null, 'x')], 'claim')).toEqual([{ result: 'taken', by }]);
  });

  test('that is refused does not hide that its neighbour was swapped.', async () => {
    await using place = await remotePlace({}, byPath);
    const { cells } = openCellWriter(await place.writer());
    await place.truth.git('config', 'receive.hideRefs', 'refs/millwright/secret');
    const hidden = { ...claim('s2', null, 'x'), space: 'secret' };
    await expect(cells.swap([claim('s1', null, 'x'), hidden], 'claim')).rejects.toMatchObject({
      code: 'push-refused',
      data: { ref: 'refs/millwright/secret/s2', swapped: ['refs/millwright/slots/s1'] },
    });
    expect((await cells.read('slots', 's1'))?.content.toString()).toBe('x');
  });

  test('is read and deleted together with many others in one go.', async () => {
    await using place = await remotePlace({}, byPath);
    const [ann, ben] = [openCellWriter(await place.writer()), openCellWriter(await place.writer())];
    const ids = Array.from({ length: 120 }, (_, n) => `c${n}`);
    await ann.cells.swap(
      ids.map((id) => claim(id, null, id)),
      'result',
    );
    const all = await ben.cells.readAll('slots');
    const texts = [...all].map(([id, { content }]) => [id, content.toString()] as const);
    expect(new Map(texts)).toEqual(new Map(ids.map((id) => [id, id])));
    const gone = [...all].map(([id, { commit }]) => ({ space: 'slots', id, expected: commit, next: null }));
    const verdicts = await ben.cells.swap(gone, 'result');
    expect(verdicts.every(({ result }) => result === 'swapped')).toBe(true);
    expect(await ann.cells.readAll('slots')).toEqual(new Map());
  });
});
