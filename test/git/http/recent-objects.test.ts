import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RecentObjects } from '../../../src/git/http/recent-objects.ts';
import { newObject } from '../../../src/git/object-oid.ts';
import { claim, openCellWriter } from '../suites/cell-suite.ts';
import { byHttp, inProcess, remotePlace } from '../suites/places.ts';

const blobs = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => newObject('blob', Buffer.from(`blob ${from + at}`)));

describe('a pack of claims', () => {
  test('is filled up to a hundred objects with others that the server has, each once.', () => {
    const recent = new RecentObjects();
    recent.add(blobs(0, 60));
    recent.add(blobs(60, 60));
    const filled = recent.filled(blobs(100, 40));
    expect(filled).toHaveLength(100);
    expect(new Set(filled.map(({ oid }) => oid)).size).toBe(100);
    expect(filled.slice(0, 40)).toEqual(blobs(100, 40));
  });

  test('stays as it is when it is small, large already, or too little is known.', () => {
    const recent = new RecentObjects();
    expect(recent.filled(blobs(0, 40))).toHaveLength(40);
    recent.add(blobs(0, 100));
    expect(recent.filled(blobs(200, 5))).toHaveLength(5);
    expect(recent.filled(blobs(200, 120))).toHaveLength(120);
  });

  test('of many workers is kept by a stock server as it came, and every claim is there.', async () => {
    await using place = await remotePlace({}, inProcess(byHttp()));
    const { cells } = openCellWriter(await place.writer());
    const groups = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      Array.from({ length: 16 }, (_, at) => claim(`${name}${at}`, null, `${name} ${at}`)),
    );
    for (const group of groups) {
      const verdicts = await cells.trySwap(group, 'claim');
      expect(verdicts.every(({ result }) => result === 'swapped')).toBe(true);
    }
    const packs = await readdir(join(place.truth.dir, 'objects/pack'));
    expect(packs.filter((name) => name.endsWith('.pack')).length).toBeGreaterThanOrEqual(3);
    expect((await place.truth.git('for-each-ref', '--format=%(refname)')).split('\n')).toHaveLength(80);
    expect(await place.truth.git('show', 'refs/millwright/slots/e7:queue/claims/e7.json')).toBe('e 7');
    expect(await place.truth.git('fsck', '--strict', '--no-dangling')).toBe('');
  });
});
