import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CliAnswer, jsonOf, runCliIn } from '../cli/run-cli-in.ts';
import { inQueue, type QueuePlace, queuePass, queuePlace } from './queue-place.ts';
import { putWork, sampleSlot } from './sample-work.ts';

let place: QueuePlace;
beforeEach(async () => {
  place = await queuePlace('local');
});
afterEach(() => place[Symbol.asyncDispose]());

const run = (...argv: string[]): Promise<CliAnswer> => runCliIn(place.folder.dir, argv);
const queue = (...argv: string[]) => run('queue', ...argv);
const json = async (...argv: string[]) => jsonOf(await queue(...argv, '--json')) as Record<string, unknown>;
const errorOf = (answer: CliAnswer) => (jsonOf(answer) as { error: { code: string; data: object } }).error;
const pass = () => inQueue(place, (opened) => queuePass(opened));
const put = (...slots: Parameters<typeof putWork>[1]) =>
  inQueue(place, ({ workspace }) => putWork(workspace, slots));

describe('the life of a thought by hand', () => {
  test('is claimed, renewed, released, completed, shown, counted and told.', async () => {
    await run('thought', 'a wheel', '--id', 't1');
    await pass();
    const listed = await queue('list');
    expect(listed.out).toMatch(/^thought t1: a wheel$/m);
    expect(listed.out).toMatch(/^ {2}pending {5}t1-v5 {2}bold$/m);
    expect(await json('list', '--item', 't1')).toMatchObject({ items: [{ item_id: 't1' }], bad: [] });

    const claimed = await json('claim', 't1-v1', '--worker', 'laptop');
    expect(claimed).toMatchObject({
      slot_id: 't1-v1',
      item_id: 't1',
      state: 'claimed',
      token: 1,
      worker_id: 'laptop',
      lease_seconds: 300,
      prompt: 'thought',
      persona: 'frontend',
      branch: 'feat/thought-t1-v1',
      variables: { text: 'a wheel', diversity_mode: 'conservative' },
    });
    // Asking again as the same worker gives the same claim.
    expect(await json('claim', 't1-v1', '--worker', 'laptop')).toEqual(claimed);
    const words = await queue('claim', 't1-v2', '--worker', 'laptop');
    expect(words.out).toMatch(
      /^claimed t1-v2 with token 1 as laptop, for 300 s\npush to feat\/thought-t1-v2/,
    );

    expect((await queue('renew', 't1-v1')).out).toBe('t1-v1 is yours for another 300 s\n');
    expect(await json('renew', 't1-v1')).toMatchObject({ slot_id: 't1-v1', token: 1, cancelled: false });
    expect((await queue('release', 't1-v2', '--reason', 'lunch')).out).toBe('t1-v2 is free for others\n');
    expect((await queue('show', 't1-v2')).out).toMatch(/released {2}token 1 {2}laptop: lunch$/m);
    expect(await json('show', 't1-v1')).toMatchObject({
      what: { slot_id: 't1-v1' },
      life: [{ state: 'claimed' }, { state: 'claimed' }, { state: 'claimed' }],
      slots: [{ state: 'claimed', worker_id: 'laptop' }],
    });
    expect(await json('show', 't1')).toMatchObject({ what: { item_id: 't1' }, life: [] });

    const branch = [
      '--branch',
      'feat/thought-t1-v1',
      '--commit',
      '4f1c9d2',
      '--files',
      'a,b',
      '--cost',
      '0.5',
    ];
    expect((await queue('complete', 't1-v1', '--pass', ...branch)).out).toBe('t1-v1 is shipped\n');
    expect(await json('claim', 't1-v2', '--worker', 'desk')).toMatchObject({ token: 2 });
    const failed = await json('complete', 't1-v2', '--fail', '--reason', 'it hangs', '--worker', 'desk');
    expect(failed).toMatchObject({ state: 'failed', token: 2 });
    await queue('claim', 't1-v3', '--worker', 'desk');

    const counts = {
      slots: { pending: 2, claimed: 1, shipped: 1, failed: 1, dead: 0, cancelled: 0 },
      thoughts: { active: 1, complete: 0, cancelled: 0, queued: 1 },
    };
    expect(await json('stats')).toEqual(counts);
    await pass();
    expect(await json('stats')).toEqual(counts);
    expect((await queue('stats')).out).toMatch(/^slots +2 pending, 1 claimed, 1 shipped, 1 failed/);

    expect(await json('cancel', 't1', '--reason', 'enough')).toEqual({ item_id: 't1', slots_left: 3 });
    expect((await queue('renew', 't1-v3')).out).toContain('its item was cancelled: stop, and release it');
    await queue('release', 't1-v3');
    await pass();
    expect((await queue('list')).out).toBe('the queue is empty\n');
    expect(await json('stats')).toEqual({
      slots: { pending: 0, claimed: 0, shipped: 1, failed: 1, dead: 0, cancelled: 3 },
      thoughts: { active: 0, complete: 0, cancelled: 1, queued: 1 },
    });
  });

  test('ends as dead when it breaks too often, and is revived.', async () => {
    await put(sampleSlot('a-1', { max_attempts: 1 }));
    await queue('claim', 'a-1', '--worker', 'w');
    expect((await queue('release', 'a-1', '--broke')).out).toBe('a-1 is dead after 1 failed attempts\n');
    await pass();
    expect((await queue('list')).out).toMatch(/^ {2}dead {8}a-1/m);
    expect((await queue('revive', 'a-1')).out).toBe('a-1 is back in the queue\n');
    expect(await json('claim', '--worker', 'w')).toMatchObject({ slot_id: 'a-1', token: 2 });
    expect(errorOf(await queue('revive', 'a-1', '--json')).code).toBe('unknown-slot');
  });

  test('is watched from its beginning to its end.', async () => {
    await put(sampleSlot('a-1'), sampleSlot('a-2'));
    await queue('claim', 'a-1', '--worker', 'w1');
    const watching = queue('watch', '--item', 'a', '--every', '0.05', '--json');
    await queue('complete', 'a-1', '--pass', '--worker', 'w1');
    await queue('claim', 'a-2', '--worker', 'w2');
    await queue('complete', 'a-2', '--fail', '--worker', 'w2');
    await pass();
    const { code, out } = await watching;
    const told = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const ofSlot = (id: string) => told.filter(({ slot_id }) => slot_id === id).map(({ event }) => event);
    expect(ofSlot('a-1')).toEqual(['variant_claimed', 'variant_complete']);
    expect(ofSlot('a-2')).toEqual(['variant_claimed', 'variant_complete']);
    expect(told.at(-1)).toMatchObject({
      event: 'thought_complete',
      item_id: 'a',
      ends: { shipped: 1, failed: 1 },
    });
    expect([code, told.length]).toEqual([0, 5]);
    // One that is done is told once more to whoever asks later.
    const later = await queue('watch', '--item', 'a', '--every', '0.05');
    expect(later.out.match(/variant_complete|thought_complete/g)).toHaveLength(3);
  });
});

describe('exit codes', () => {
  test('say 11 to whoever is too late, with who has it.', async () => {
    await put(sampleSlot('a-1'));
    await queue('claim', 'a-1', '--worker', 'first');
    const second = await queue('claim', 'a-1', '--worker', 'second', '--json');
    expect(second.code).toBe(11);
    expect(errorOf(second)).toMatchObject({ code: 'taken', data: { worker_id: 'first', token: 1 } });
    for (const verb of [['renew'], ['release'], ['complete', '--pass']]) {
      const [name = '', ...more] = verb;
      expect((await queue(name, 'a-1', ...more, '--worker', 'second')).code).toBe(11);
      expect((await queue(name, 'a-1', ...more, '--worker', 'first', '--token', '7')).code).toBe(11);
    }
    await queue('release', 'a-1', '--worker', 'first');
    expect((await queue('renew', 'a-1', '--worker', 'first')).code).toBe(11);
    await queue('claim', 'a-1', '--worker', 'second');
    await queue('complete', 'a-1', '--pass', '--worker', 'second');
    expect((await queue('complete', 'a-1', '--pass', '--worker', 'second')).code).toBe(11);
    expect((await queue('claim', 'a-1', '--worker', 'first')).code).toBe(11);
  });

  test('say 14 when there is nothing to claim, and 1 for what is not there or not ready.', async () => {
    const nothing = await queue('claim', '--json');
    expect([nothing.code, errorOf(nothing).code]).toEqual([14, 'nothing-ready']);
    await put(sampleSlot('a-1'), sampleSlot('a-2', { needs: ['a-1'] }));
    const blocked = await queue('claim', 'a-2', '--json');
    expect([blocked.code, errorOf(blocked).code]).toEqual([1, 'blocked']);
    expect((await queue('claim', '--kinds', 'deployment')).code).toBe(14);
    for (const argv of [
      ['claim', 'nobody'],
      ['show', 'nobody'],
      ['cancel', 'nobody'],
      ['revive', 'nobody'],
    ])
      expect((await queue(...argv)).code).toBe(1);
  });

  test('say 2 when they are called wrongly.', async () => {
    await put(sampleSlot('a-1'));
    const complete = ['complete', 'a-1', '--worker', 'w'];
    for (const argv of [
      complete,
      [...complete, '--pass', '--fail'],
      [...complete, '--pass', '--cost', 'much'],
      ['complete', '--pass'],
      ['renew'],
      ['renew', 'a-1'],
      ['watch', '--every', '0'],
      ['frobnicate'],
      ['list', '--nonsense'],
    ])
      expect([argv, (await queue(...argv)).code]).toEqual([argv, 2]);
  });
});

test('a thousand live slots are listed, each once.', async () => {
  await put(...Array.from({ length: 1_000 }, (_, at) => sampleSlot(`a-${at}`)));
  const { slots } = (await json('list')) as { slots: { slot_id: string }[] };
  expect(slots).toHaveLength(1_000);
  expect(slots.map(({ slot_id }) => slot_id).slice(0, 3)).toEqual(['a-0', 'a-1', 'a-2']);
});
