import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/contracts/clock.ts';
import { type Cells, openCells } from '../../../src/git/cell.ts';
import { unlimitedPushes } from '../../../src/git/push-budget.ts';
import { pushesOfProcess } from '../../../src/git/push-history.ts';
import type { CellSwap } from '../../../src/git/swap-cells.ts';
import { author, type Place, type Writer } from './places.ts';

export type OpenPlace = (files: Readonly<Record<string, string>>) => Promise<Place>;

export interface CellWriter extends Writer {
  readonly cells: Cells;
}

export function openCellWriter(writer: Writer, namespace = 'refs/millwright'): CellWriter {
  const { refs: transport, store } = writer;
  const budget = unlimitedPushes(pushesOfProcess(systemClock));
  return { ...writer, cells: openCells({ transport, store, clock: systemClock, budget, namespace, author }) };
}

/** What cells do, wherever they live. */
export function cellSuite(name: string, open: OpenPlace): void {
  const start = async (place: Place, namespace?: string) => openCellWriter(await place.writer(), namespace);

  describe(`cells ${name}`, () => {
    test('are created, read, replaced and deleted, each by whoever names the commit that is there.', async () => {
      await using place = await open({});
      const { cells } = await start(place);
      const one = await swapOne(cells, claim('s1', null, 'one'));
      expect(await cells.read('slots', 's1')).toEqual({
        commit: one,
        path: 'queue/claims/s1.json',
        content: Buffer.from('one'),
      });
      const two = await swapOne(cells, claim('s1', one, 'two'));
      const log = await place.truth.git('log', '--format=%H %s', 'refs/millwright/slots/s1');
      expect(log).toBe(`${two} Claim s1\n${one} Claim s1`);
      expect(await cells.swap([remove('s1', two)], 'claim')).toEqual([{ result: 'swapped', commit: null }]);
      expect(await cells.read('slots', 's1')).toBeNull();
    });

    test('say who has them when another was first, and keep what it wrote.', async () => {
      await using place = await open({});
      const [ann, ben] = [await start(place), await start(place)];
      const first = await swapOne(ann.cells, claim('s1', null, 'ann'));
      const winner = { commit: first, path: 'queue/claims/s1.json', content: Buffer.from('ann') };
      expect(await ben.cells.swap([claim('s1', null, 'ben')], 'claim')).toEqual([
        { result: 'taken', by: winner },
      ]);
      const second = await swapOne(ann.cells, claim('s1', first, 'ann again'));
      const now = { commit: second, path: 'queue/claims/s1.json', content: Buffer.from('ann again') };
      const late = await ben.cells.swap([claim('s1', first, 'ben'), remove('s2', first)], 'claim');
      expect(late).toEqual([
        { result: 'taken', by: now },
        { result: 'taken', by: null },
      ]);
      expect(await ben.cells.swap([remove('s1', first)], 'claim')).toEqual([{ result: 'taken', by: now }]);
      expect(await ben.cells.swap([remove('s1', null), remove('s3', null)], 'claim')).toEqual([
        { result: 'taken', by: now },
        { result: 'taken', by: null },
      ]);
      expect(await ben.cells.read('slots', 's1')).toEqual(now);
    });

    test('are judged one by one when many leave in one push.', async () => {
      await using place = await open({});
      const [ann, ben] = [await start(place), await start(place)];
      const held = await swapOne(ann.cells, claim('b', null, 'ann'));
      const old = await swapOne(ann.cells, claim('c', null, 'old'));
      const verdicts = await ben.cells.swap(
        [claim('a', null, 'ben'), claim('b', null, 'ben'), claim('c', old, 'ben'), claim('d', null, 'ben')],
        'claim',
      );
      expect(verdicts.map(({ result }) => result)).toEqual(['swapped', 'taken', 'swapped', 'swapped']);
      const all = await ann.cells.readAll('slots');
      const texts = [...all].map(([id, { content }]) => [id, content.toString()] as const);
      expect(new Map(texts)).toEqual(new Map(Object.entries({ a: 'ben', b: 'ann', c: 'ben', d: 'ben' })));
      expect(all.get('b')?.commit).toBe(held);
    });

    test('go to exactly one of two that ask for the same with the same words.', async () => {
      await using place = await open({});
      const racers = [await start(place), await start(place)];
      for (const id of ['r1', 'r2']) {
        const answers = await Promise.all(
          racers.map(({ cells }) => cells.swap([claim(id, null, 'same')], 'claim')),
        );
        expect(answers.flat()).toContainEqual(expect.objectContaining({ result: 'swapped' }));
        expect(answers.flat()).toContainEqual(expect.objectContaining({ result: 'taken' }));
      }
    });

    test('live in a folder of branches where a server wants that, and spaces do not mix.', async () => {
      await using place = await open({});
      const { cells } = await start(place, 'refs/heads/millwright');
      await cells.swap([claim('s1', null, 'x'), { ...claim('é-😀', null, 'y'), space: 'inbox' }], 'claim');
      expect(await place.truth.git('for-each-ref', '--format=%(refname)')).toBe(
        'refs/heads/millwright/inbox/é-😀\nrefs/heads/millwright/slots/s1',
      );
      expect([...(await cells.readAll('slots')).keys()]).toEqual(['s1']);
      expect([...(await cells.readAll('inbox')).keys()]).toEqual(['é-😀']);
      expect(await cells.readAll('empty')).toEqual(new Map());
    });

    test('are not mixed up with refs whose names merely end alike.', async () => {
      await using place = await open({ 'a.txt': 'one\n' });
      await place.truth.git('update-ref', 'refs/heads/refs/millwright/slots/s1', 'main');
      const { cells } = await start(place);
      expect(await cells.readAll('slots')).toEqual(new Map());
      expect(await cells.read('slots', 's1')).toBeNull();
    });

    test('report a refusal as an error with the words of the hook.', async () => {
      await using place = await open({});
      const { cells } = await start(place);
      await place.refuseWith('not on a Friday');
      await expect(cells.swap([claim('s1', null, 'x')], 'claim')).rejects.toMatchObject({
        code: 'push-refused',
        message: expect.stringContaining('not on a Friday'),
      });
      expect(await cells.read('slots', 's1')).toBeNull();
    });
  });
}

export function claim(id: string, expected: string | null, content: string): CellSwap {
  const next = { path: `queue/claims/${id}.json`, content, subject: `Claim ${id}` };
  return { space: 'slots', id, expected, next };
}

export function remove(id: string, expected: string | null): CellSwap {
  return { space: 'slots', id, expected, next: null };
}

/** Swaps one cell, which has to work, and gives its new commit. */
export async function swapOne(cells: Cells, swap: CellSwap): Promise<string> {
  const [verdict] = await cells.swap([swap], 'claim');
  expect(verdict).toMatchObject({ result: 'swapped', commit: expect.stringMatching(/^[0-9a-f]{40}$/) });
  return verdict?.result === 'swapped' ? (verdict.commit ?? '') : '';
}
