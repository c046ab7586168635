import { describe, expect, test } from 'vitest';
import { judgeQueue } from '../../src/audit/judge-queue.ts';
import {
  cellOf,
  deadSlot,
  item,
  itemEvent,
  liveSlot,
  outcomeOf,
  type SampleQueue,
  sampleQueue,
  sampleSlots,
} from './sample-queue.ts';

describe('a queue that keeps the rules', () => {
  test('has nothing against it, and is counted.', () => {
    const { results: _, ...report } = judgeQueue(sampleQueue());
    expect(report).toEqual({
      slots: 9,
      items: 2,
      live: 4,
      ended: { shipped: 2, failed: 1, dead: 1, cancelled: 1 },
      claims: 13,
      cells: 4,
      strays: ['failed'],
      violations: [],
    });
  });

  test('names the results that have to be on branches: those that shipped, and no others.', () => {
    const queue = sampleQueue();
    const pushed = (name: string) => ({ branch_name: `feat/${name}`, commit_hash: name });
    const outcomes = [
      outcomeOf('shipped', 'accepted', 2, pushed('one')),
      outcomeOf('failed', 'failed', 2, pushed('two')),
    ];
    queue.ledger.outcomes.splice(0, 2, ...outcomes);
    expect(judgeQueue(queue).results).toEqual([
      { slot: 'shipped', branch: 'feat/one', commit: 'one', where: outcomes[0]?.where },
    ]);
  });

  test.each<[string, (queue: SampleQueue) => void]>([
    ['a slot that is claimed for the first time', ({ cells }) => cells.push(cellOf('waiting', {}))],
    ['a revived slot that goes on', ({ cells }) => cells.push(cellOf('revived', { token: 2 }))],
    [
      'the cell of an earlier life, whose pass was killed',
      ({ cells, ledger }) => {
        cells.push(cellOf('revived', {}, { state: 'dead' }));
        say(ledger, 'revived', 'claimed', { commit: 'revived#1' });
        say(ledger, 'revived', 'dead', { commit: 'revived#2' });
      },
    ],
    [
      'a cell that was read before a pass folded what came next',
      ({ cells, ledger }) => {
        cells.push(cellOf('dead', {}, {}));
        say(ledger, 'dead', 'claimed', { commit: 'dead#1' });
      },
    ],
    ['records of the queue from before items were recorded', ({ ledger }) => remove(ledger.itemEvents, 0)],
    ['an empty queue', (queue) => Object.assign(queue, emptyQueue())],
  ])('may have %s.', (_, change) => {
    const queue = sampleQueue();
    change(queue);
    expect(judgeQueue(queue).violations).toEqual([]);
  });

  test('may have a claim on a slot that has left, and calls it a stray.', () => {
    const queue = sampleQueue();
    queue.cells.push(cellOf('cancelled', { nonce: 'a' }, { nonce: 'a', state: 'shipped' }));
    // Of an earlier life: it looked before the slot died and was revived.
    queue.cells.push(cellOf('revived', { nonce: 'b' }));
    queue.cells.push(cellOf('waiting', { nonce: 'c' }, { nonce: 'c', state: 'released' }, { token: 4 }));
    queue.ledger.live.set(...liveSlot('waiting', 3));
    // Claimed between the fold that withdrew it and the deletion of its cell.
    queue.cells.push(cellOf('two', {}, { state: 'released' }, { token: 2 }, { token: 2, state: 'failed' }));
    for (const one of queue.cells.slice(-1)[0]?.commits ?? [])
      Object.assign(one, { content: one.content?.replace('"i1"', '"i2"') });
    say(queue.ledger, 'two', 'shipped', { commit: 'two#2' });
    const { strays, violations } = judgeQueue(queue);
    expect({ strays, violations }).toEqual({
      strays: ['failed', 'cancelled', 'revived', 'waiting', 'two'],
      violations: [],
    });
  });
});

describe('a queue that breaks a rule', () => {
  test.each<[string, string, string, (queue: SampleQueue) => void]>([
    ['a slot is nowhere', 'lost-slot', 'waiting', ({ ledger }) => ledger.live.delete('waiting')],
    ['a dead letter is missing', 'lost-slot', 'dead', ({ ledger }) => ledger.dead.delete('dead')],
    ['a cell has no slot', 'lost-slot', 'unheard', ({ cells }) => cells.push(cellOf('unheard', {}))],
    [
      'a slot is still there after its end',
      'after-the-end',
      'shipped',
      ({ ledger }) => put(ledger.live, liveSlot('shipped', 2)),
    ],
    [
      'a slot is among the living and the dead',
      'two-places',
      'waiting',
      ({ ledger }) => put(ledger.dead, deadSlot('waiting', 0)),
    ],
    [
      'a dead letter says what the records do not',
      'two-places',
      'shipped',
      ({ ledger }) => put(ledger.dead, deadSlot('shipped', 2)),
    ],
    [
      'a revived slot starts from 0 again',
      'token-not-next',
      'revived',
      ({ ledger }) => put(ledger.live, liveSlot('revived', 0)),
    ],
    [
      'a dead letter has another token',
      'token-not-next',
      'dead',
      ({ ledger }) => put(ledger.dead, deadSlot('dead', 4)),
    ],
    [
      'a first claim skips a token',
      'token-not-next',
      'waiting',
      ({ cells }) => cells.push(cellOf('waiting', { token: 2 })),
    ],
    [
      'a claim of old went on past its revival',
      'token-not-next',
      'waiting',
      ({ cells, ledger }) => {
        put(ledger.live, liveSlot('waiting', 3));
        cells.push(cellOf('waiting', {}, { state: 'released' }, { token: 5 }));
      },
    ],
    [
      'a cell has another item',
      'foreign-write',
      'waiting',
      ({ cells }) => cells.push(cellOf('waiting', { item_id: 'i9' })),
    ],
    [
      'two claims have one nonce',
      'nonce-reused',
      'waiting',
      ({ cells }) => cells.push(cellOf('waiting', { nonce: 'working-1' })),
    ],
    [
      'a claim has a nonce that was let go',
      'nonce-reused',
      'waiting',
      ({ cells }) =>
        cells.push(
          cellOf(
            'waiting',
            {},
            { state: 'released' },
            { token: 2 },
            { token: 2, state: 'released' },
            { token: 3, nonce: 'waiting-1' },
          ),
        ),
    ],
    [
      'an end is in a cell alone',
      'lost-end',
      'dead',
      ({ cells, ledger }) => {
        cells.push(cellOf('dead', {}, { state: 'shipped' }));
        say(ledger, 'dead', 'claimed', { commit: 'dead#1' });
      },
    ],
    ['an end has no outcome', 'lost-outcome', 'failed', ({ ledger }) => remove(ledger.outcomes, 1)],
    [
      'an end of an earlier life has no outcome',
      'lost-outcome',
      'revived',
      ({ ledger }) => remove(ledger.outcomes, 3),
    ],
    [
      'an end has two outcomes',
      'outcome-twice',
      'shipped',
      ({ ledger }) => ledger.outcomes.push(outcomeOf('shipped', 'accepted', 2)),
    ],
    [
      'a claim that was lost has an outcome',
      'foreign-outcome',
      'shipped',
      ({ ledger }) => ledger.outcomes.push(outcomeOf('shipped', 'accepted', 1)),
    ],
    [
      'an outcome says another end',
      'foreign-outcome',
      'failed',
      ({ ledger }) => ledger.outcomes.splice(1, 1, outcomeOf('failed', 'accepted', 2)),
    ],
    [
      'a slot that was cancelled has an outcome',
      'foreign-outcome',
      'cancelled',
      ({ ledger }) => ledger.outcomes.push(outcomeOf('cancelled', 'failed', 1)),
    ],
    [
      'two workers held it at once',
      'two-holders',
      'shipped',
      ({ holds }) => holds.push({ slot: 'shipped', worker: 'w3', token: 3, from: 19, to: 30 }),
    ],
    [
      'one worker held it under two tokens',
      'two-holders',
      'failed',
      ({ holds }) => holds.push({ slot: 'failed', worker: 'w1', token: 2, from: 14, to: 30 }),
    ],
    [
      'two workers held it under one token',
      'two-holders',
      'failed',
      ({ holds }) => holds.push({ slot: 'failed', worker: 'w3', token: 1, from: 14, to: 30 }),
    ],
  ])('because %s is told as %s.', (_, rule, slot, spoil) => {
    const queue = sampleQueue();
    spoil(queue);
    expect(judgeQueue(queue).violations.map((one) => [one.rule, one.slot])).toEqual([[rule, slot]]);
  });

  const ended = { shipped: { end: 'shipped', token: 2 }, failed: { end: 'failed', token: 2 } } as const;
  test.each<[string, string, string, (queue: SampleQueue) => void]>([
    [
      'it closed and is still there',
      'after-the-end',
      'i2',
      ({ ledger }) =>
        put(ledger.items, [
          'i2',
          {
            said: { item_id: 'i2', slots: ['two'], ended: { two: { end: 'shipped', token: 1 } } },
            where: 'queue/items/i2.yaml',
          },
        ]),
    ],
    [
      'it closed twice',
      'ended-twice',
      'i2',
      ({ ledger }) => ledger.itemEvents.push(itemEvent('cancelled', ['two'], { item_id: 'i2' })),
    ],
    ['it never closed', 'lost-item', 'i2', ({ ledger }) => remove(ledger.itemEvents, 2)],
    [
      'all of its slots ended, and it is open',
      'not-closed',
      'i2',
      ({ ledger }) => {
        remove(ledger.itemEvents, 2);
        put(ledger.items, [
          'i2',
          {
            said: { item_id: 'i2', slots: ['two'], ended: { two: { end: 'shipped', token: 1 } } },
            where: 'queue/items/i2.yaml',
          },
        ]);
      },
    ],
    [
      'it counts its ends wrongly',
      'bad-item',
      'i2',
      ({ ledger }) =>
        ledger.itemEvents.splice(
          2,
          1,
          itemEvent('complete', ['two'], { item_id: 'i2', ends: { failed: 1 } }),
        ),
    ],
    [
      'it has other slots than were queued',
      'bad-item',
      'i1',
      ({ ledger }) =>
        put(
          ledger.items,
          item(sampleSlots.slice(0, -1), { ...ended, cancelled: { end: 'cancelled', token: 1 } }),
        ),
    ],
    [
      'it does not know of an end',
      'bad-item',
      'i1',
      ({ ledger }) => put(ledger.items, item(sampleSlots, ended)),
    ],
    [
      'it knows of another end',
      'bad-item',
      'i1',
      ({ ledger }) =>
        put(ledger.items, item(sampleSlots, { ...ended, cancelled: { end: 'failed', token: 1 } })),
    ],
    [
      'it knows of another token',
      'bad-item',
      'i1',
      ({ ledger }) =>
        put(ledger.items, item(sampleSlots, { ...ended, cancelled: { end: 'cancelled', token: 3 } })),
    ],
    [
      'it takes a dead slot for ended',
      'bad-item',
      'i1',
      ({ ledger }) =>
        put(
          ledger.items,
          item(sampleSlots, {
            ...ended,
            cancelled: { end: 'cancelled', token: 1 },
            dead: { end: 'dead', token: 1 },
          }),
        ),
    ],
  ])('with an item because %s is told as %s.', (_, rule, id, spoil) => {
    const queue = sampleQueue();
    spoil(queue);
    expect(judgeQueue(queue).violations.map((one) => [one.rule, one.item])).toEqual([[rule, id]]);
  });

  test('because an item that has left has living slots is told for each of them.', () => {
    const queue = sampleQueue();
    queue.ledger.items.clear();
    const found = judgeQueue(queue).violations.map(({ rule, slot }) => `${rule} ${slot ?? 'i1'}`);
    const slots = ['dead', 'done', 'i1', 'revived', 'waiting', 'working'];
    expect(found.toSorted()).toEqual(slots.map((slot) => `lost-item ${slot}`));
  });

  test('because an item closed before its slots ended is told with those.', () => {
    const queue = sampleQueue();
    queue.ledger.itemEvents.push(itemEvent('complete', sampleSlots));
    const [early] = judgeQueue(queue).violations.filter(({ rule }) => rule === 'closed-early');
    expect(early?.found).toBe('dead, revived, working, done, waiting without an end');
  });

  test('because a record is there twice is told once, and counts once.', () => {
    const queue = sampleQueue();
    const [first, , , last] = queue.ledger.slotEvents;
    queue.ledger.slotEvents.push(
      ...[first, last].flatMap((one) => (one === undefined ? [] : [{ ...one, where: 'again' }])),
    );
    expect(judgeQueue(queue).violations.map(({ rule, where }) => [rule, where])).toEqual([
      ['recorded-twice', 'again'],
      ['recorded-twice', 'again'],
    ]);
  });

  test('because any one record of a life is missing is told, unless the life makes sense without it.', () => {
    const { slotEvents } = sampleQueue().ledger;
    const missed = slotEvents.flatMap(({ said }, at) => {
      const queue = sampleQueue();
      remove(queue.ledger.slotEvents, at);
      return judgeQueue(queue).violations.length === 0 ? [`${said.event} of ${said.slot_id}`] : [];
    });
    // A claim need not be renewed, and an attempt that broke is as deadly as a lease that ran out.
    expect(missed).toEqual(['renewed of failed', 'expired of dead']);
  });
});

function say(
  ledger: SampleQueue['ledger'],
  slot: string,
  name: string,
  more: { readonly commit: string },
): void {
  const at = ledger.slotEvents.findIndex(({ said }) => said.slot_id === slot && said.event === name);
  const found = ledger.slotEvents[at];
  if (found === undefined) throw new Error(`no ${name} of ${slot}`);
  ledger.slotEvents[at] = { ...found, said: { ...found.said, ...more } };
}

function put<Value>(map: Map<string, Value>, [id, value]: [string, Value]): void {
  map.set(id, value);
}

function remove(list: unknown[], at: number): void {
  list.splice(at, 1);
}

function emptyQueue(): SampleQueue {
  const queue = sampleQueue();
  const { ledger } = queue;
  for (const map of [ledger.items, ledger.live, ledger.dead]) map.clear();
  for (const list of [ledger.slotEvents, ledger.itemEvents, ledger.outcomes, queue.cells, queue.holds])
    list.length = 0;
  return queue;
}
