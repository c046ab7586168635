import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/contracts/clock.ts';
import { installFaultHook } from '../../src/contracts/fault-point.ts';
import type { Outcome } from '../../src/contracts/outcome.ts';
import type { Entry } from '../../src/contracts/record.ts';
import type { ItemEvent, SlotEvent } from '../../src/contracts/slot-event.ts';
import type { PassContext } from '../../src/ledger/controller.ts';
import { readEntries } from '../../src/ledger/read-entries.ts';
import { cancelItem } from '../../src/queue/cancel-item.ts';
import { Claimer } from '../../src/queue/claimer.ts';
import type { Held } from '../../src/queue/held.ts';
import { cancelHeld, completeHeld, type HoldAnswer, releaseHeld, renewHeld } from '../../src/queue/hold.ts';
import { listQueue } from '../../src/queue/list-queue.ts';
import { queueController } from '../../src/queue/queue-controller.ts';
import { queueStats } from '../../src/queue/queue-stats.ts';
import { reviveSlot } from '../../src/queue/revive-slot.ts';
import { recipes } from '../../src/runner/recipes.ts';
import { memoryPlace } from './memory-place.ts';
import { claimOne, inQueue, placeKinds, queuePass, queuePlace, slotCells } from './queue-place.ts';
import { ada, bob, putWork, sampleSlot } from './sample-work.ts';

const passed = { smoke_test_pass: true, files_pushed: [] };
const failed = { smoke_test_pass: false, files_pushed: [], reason: 'the tests hang' };

async function recordsOf<Fields>({ workspace }: PassContext, kind: string): Promise<(Entry & Fields)[]> {
  return readEntries<Fields>((await workspace.log.tip()).snapshot, kind);
}

async function eventsOf(context: PassContext): Promise<string[]> {
  const records = await recordsOf<SlotEvent>(context, 'slot_event');
  return records.map(({ slot_id, event, token }) => `${slot_id} ${event} ${token}`);
}

async function itemEventsOf(context: PassContext): Promise<string[]> {
  const records = await recordsOf<ItemEvent>(context, 'item_event');
  return records.map(({ item_id, event, ends }) => `${item_id} ${event} ${JSON.stringify(ends ?? {})}`);
}

const heldOf = (answer: HoldAnswer | undefined) => (answer as { held: Held }).held;
const textAt = async ({ workspace }: PassContext, path: string) =>
  (await workspace.log.tip()).snapshot.text(path);

describe.each(placeKinds)('folding in a repository (%s)', (kind) => {
  test('turns the life of a slot into records and an outcome, in one commit, and clears it away.', async () => {
    await using place = await queuePlace(kind);
    await inQueue(place, async (opened) => {
      const { queue, workspace } = opened;
      const slot = { persona: 'frontend', domain: 'scroll', label: 'bold', smoke: 'npm test' };
      await putWork(workspace, [sampleSlot('a-1', slot)]);
      const first = await claimOne(queue, 'a-1');
      await releaseHeld(queue, first, 'no disk', true);
      let held = await claimOne(queue, 'a-1', bob);
      for (let at = 0; at < 3; at += 1) held = heldOf((await renewHeld(queue, [held]))[0]);
      const result = {
        smoke_test_pass: true,
        branch_name: 'feat/a-1',
        commit_hash: 'c0ffee',
        files_pushed: ['one.txt', 'two.txt'],
        persona_version: '1.2.3',
        prompt_hash: 'abc',
        model: 'used-model',
        cost_usd: 0.25,
        tokens: 1_200,
        duration_seconds: 61.5,
        transcript: '.millwright/work/transcripts/a-1-2.log',
      };
      const done = await completeHeld(queue, held, result);
      const before = await workspace.log.tip();
      expect((await queuePass(opened)).changed).toBe(true);

      expect(await eventsOf(opened)).toEqual([
        'a-1 claimed 1',
        'a-1 released 1',
        'a-1 claimed 2',
        'a-1 renewed 2',
        'a-1 shipped 2',
      ]);
      const events = await recordsOf<SlotEvent>(opened, 'slot_event');
      expect(events.map(({ worker_id, renewals }) => [worker_id, renewals])).toEqual([
        ['ada', undefined],
        ['ada', undefined],
        ['bob', undefined],
        ['bob', 3],
        ['bob', undefined],
      ]);
      expect(events.at(1)?.reason).toBe('no disk');
      expect(events.at(-1)?.commit).toBe((done as { commit: string }).commit);
      const [outcome, ...more] = await recordsOf<Outcome>(opened, 'outcome');
      expect(more).toEqual([]);
      const { files_pushed: _files, ...facts } = result;
      expect(outcome).toMatchObject({
        source: 'queue',
        idea_id: 'a',
        persona_id: 'frontend',
        domain: 'scroll',
        outcome: 'accepted',
        session_id: 'bob',
        ...facts,
        extra: { slot_id: 'a-1', token: 2, attempts: 2, host: 'there', files_pushed: 2, label: 'bold' },
      });
      expect(await itemEventsOf(opened)).toEqual(['a complete {"shipped":1}']);
      expect(await listQueue(queue, {})).toEqual({ items: [], slots: [], bad: [] });
      expect(await slotCells(place)).toEqual([]);
      const since = `${before.commit}..main`;
      const subjects = await place.truth.git('log', '--format=%s', '--reverse', since);
      expect(subjects.split('\n')).toEqual(['Fold 1 slot into the history', 'Record a pass']);
      expect((await queuePass(opened)).changed).toBe(false);
    });
  });

  test.each(['queue:folded', 'queue:cells-deleted'])(
    'that is killed at %s is finished by the next pass, and nothing is recorded twice.',
    async (point) => {
      await using place = await queuePlace(kind);
      await inQueue(place, async (opened) => {
        const { queue, workspace } = opened;
        await putWork(workspace, [
          sampleSlot('a-1'),
          sampleSlot('a-2', { max_attempts: 1 }),
          sampleSlot('a-3'),
          sampleSlot('b-1'),
        ]);
        await completeHeld(queue, await claimOne(queue, 'a-1'), passed);
        await releaseHeld(queue, await claimOne(queue, 'a-2'), 'x', true);
        await completeHeld(queue, await claimOne(queue, 'a-3'), failed);
        await cancelItem(opened, 'b', 'x');
        const died = new Error('killed');
        installFaultHook((at) => {
          if (at === point) throw died;
        });
        await expect(queuePass(opened)).rejects.toBe(died);
        installFaultHook(undefined);
      });
      await inQueue(place, async (opened) => {
        await queuePass(opened);
        const events = await eventsOf(opened);
        expect(events).toHaveLength(7);
        expect(new Set(events)).toEqual(
          new Set([
            'a-1 claimed 1',
            'a-1 shipped 1',
            'a-2 claimed 1',
            'a-2 dead 1',
            'a-3 claimed 1',
            'a-3 failed 1',
            'b-1 cancelled 0',
          ]),
        );
        expect(await recordsOf(opened, 'outcome')).toHaveLength(3);
        expect(await slotCells(place)).toEqual([]);
        const { snapshot } = await opened.workspace.log.tip();
        expect(await snapshot.list('queue/rejected/claim')).toEqual([]);
        expect((await queuePass(opened)).changed).toBe(false);
      });
    },
  );
});

describe('a pass', () => {
  test('writes a dead slot into a letter, and revives it with tokens that go on.', async () => {
    await using place = await queuePlace('local');
    await inQueue(place, async (opened) => {
      const { queue, workspace } = opened;
      await putWork(workspace, [sampleSlot('a-1', { max_attempts: 2 }), sampleSlot('a-2')]);
      for (const why of ['no disk', 'still no disk'])
        await releaseHeld(queue, await claimOne(queue, 'a-1'), why, true);
      await completeHeld(queue, await claimOne(queue, 'a-2'), passed);
      await queuePass(opened);
      expect(JSON.parse((await textAt(opened, 'queue/dead/a-1.json')) ?? '')).toMatchObject({
        slot: { slot_id: 'a-1', token: 2 },
        attempts: 2,
        reason: '2 attempts failed; the last one: still no disk',
      });
      // The item waits for a person.
      expect(await itemEventsOf(opened)).toEqual([]);
      const { slots } = await listQueue(queue, {});
      expect(slots).toMatchObject([{ slot_id: 'a-1', state: 'dead', attempts: 2 }]);
      expect(await recordsOf<Outcome>(opened, 'outcome')).toMatchObject([
        { outcome: 'error', notes: '2 attempts failed; the last one: still no disk' },
        { outcome: 'accepted' },
      ]);
      expect((await queueStats(queue, recipes)).slots).toMatchObject({ dead: 1, shipped: 1, pending: 0 });

      expect((await reviveSlot(opened, 'a-1')).slot.slot_id).toBe('a-1');
      await expect(reviveSlot(opened, 'a-1')).rejects.toMatchObject({ code: 'unknown-slot' });
      expect((await queueStats(queue, recipes)).slots).toMatchObject({ dead: 0, pending: 1 });
      const held = await claimOne(queue, 'a-1', bob);
      expect(held.claim).toMatchObject({ token: 3, attempts: 0 });
      await completeHeld(queue, held, passed);
      await queuePass(opened);
      expect(await eventsOf(opened)).toEqual([
        'a-1 claimed 1',
        'a-1 released 1',
        'a-1 claimed 2',
        'a-1 dead 2',
        'a-2 claimed 1',
        'a-2 shipped 1',
        'a-1 revived 2',
        'a-1 claimed 3',
        'a-1 shipped 3',
      ]);
      expect(await itemEventsOf(opened)).toEqual(['a complete {"shipped":2}']);
      expect(await textAt(opened, 'queue/dead/a-1.json')).toBeUndefined();
    });
  });

  test('cancels what needs a slot that failed, and what needs that.', async () => {
    await using place = await queuePlace('local');
    await inQueue(place, async (opened) => {
      const { queue, workspace } = opened;
      await putWork(workspace, [
        sampleSlot('a-1'),
        sampleSlot('a-2', { needs: ['a-1'] }),
        sampleSlot('a-3', { needs: ['a-2'] }),
        sampleSlot('a-4'),
      ]);
      await completeHeld(queue, await claimOne(queue, 'a-1'), failed);
      await queuePass(opened);
      const { slots } = await listQueue(queue, {});
      expect(slots.map(({ slot_id, state }) => [slot_id, state])).toEqual([['a-4', 'pending']]);
      const events = await recordsOf<SlotEvent>(opened, 'slot_event');
      expect(events.filter(({ event }) => event === 'cancelled')).toMatchObject([
        { slot_id: 'a-2', reason: 'it needs a-1, which gave no result' },
        { slot_id: 'a-3', reason: 'it needs a-2, which gave no result' },
      ]);
      await completeHeld(queue, await claimOne(queue, 'a-4'), passed);
      await queuePass(opened);
      expect(await itemEventsOf(opened)).toEqual(['a complete {"failed":1,"cancelled":2,"shipped":1}']);
      expect(await recordsOf<Outcome>(opened, 'outcome')).toMatchObject([
        { outcome: 'failed', notes: 'the tests hang' },
        { outcome: 'accepted' },
      ]);
    });
  });

  test('of a cancelled item takes what nobody holds at once, and the rest when its holder has said so.', async () => {
    await using place = await queuePlace('local');
    await inQueue(place, async (opened) => {
      const { queue, workspace } = opened;
      await putWork(
        workspace,
        [1, 2, 3, 4].map((n) => sampleSlot(`a-${n}`)),
      );
      await completeHeld(queue, await claimOne(queue, 'a-1'), passed);
      const live = await claimOne(queue, 'a-2');
      await releaseHeld(queue, await claimOne(queue, 'a-3'), 'shutting down', false);
      expect(await cancelItem(opened, 'a', 'not wanted')).toBe(4);
      expect(await cancelItem(opened, 'a', 'again')).toBe(4);
      await queuePass(opened);
      const { slots, items } = await listQueue(queue, {});
      expect(slots.map(({ slot_id, state }) => [slot_id, state])).toEqual([['a-2', 'claimed']]);
      expect(items).toMatchObject([{ cancelled: { reason: 'not wanted' } }]);
      const renewed = heldOf((await renewHeld(queue, [live]))[0]);
      await cancelHeld(queue, renewed, 'the item was cancelled');
      await queuePass(opened);
      expect(await itemEventsOf(opened)).toEqual(['a cancelled {"shipped":1,"cancelled":3}']);
      expect(await listQueue(queue, {})).toEqual({ items: [], slots: [], bad: [] });
      expect(await slotCells(place)).toEqual([]);
      await expect(cancelItem(opened, 'a', 'x')).rejects.toMatchObject({ code: 'unknown-item' });
    });
  });
});

test('a slot that is revived before its last life is cleared away is not given up again for that life.', async () => {
  await using place = memoryPlace(systemClock);
  const { queue, workspace, context } = place.machine();
  await putWork(workspace, [sampleSlot('a-1', { max_attempts: 1 })]);
  await releaseHeld(queue, await claimOne(queue, 'a-1'), 'no disk', true);
  const died = new Error('killed');
  installFaultHook((at) => {
    if (at === 'queue:folded') throw died;
  });
  await expect(queuePass(context, [queueController])).rejects.toBe(died);
  installFaultHook(undefined);
  await reviveSlot(context, 'a-1');
  await queuePass(context, [queueController]);
  expect((await listQueue(queue, {})).slots).toMatchObject([{ slot_id: 'a-1', state: 'pending' }]);
  await completeHeld(queue, await claimOne(queue, 'a-1'), passed);
  await queuePass(context, [queueController]);
  expect(await eventsOf(context)).toEqual([
    'a-1 claimed 1',
    'a-1 dead 1',
    'a-1 revived 1',
    'a-1 claimed 2',
    'a-1 shipped 2',
  ]);
});

describe('many', () => {
  test('renewals of one claim are one record that counts them.', async () => {
    await using place = memoryPlace(systemClock);
    const { queue, workspace, context } = place.machine();
    await putWork(workspace, [sampleSlot('a-1')]);
    let held = await claimOne(queue, 'a-1');
    for (let at = 0; at < 500; at += 1) held = heldOf((await renewHeld(queue, [held]))[0]);
    await completeHeld(queue, held, passed);
    await queuePass(context, [queueController]);
    const events = await recordsOf<SlotEvent>(context, 'slot_event');
    expect(events.map(({ event, renewals }) => [event, renewals])).toEqual([
      ['claimed', undefined],
      ['renewed', 500],
      ['shipped', undefined],
    ]);
  });

  test('slots fold in one commit.', async () => {
    await using place = await queuePlace('path remote');
    await inQueue(place, async (opened) => {
      const { queue, workspace } = opened;
      const all = Array.from({ length: 200 }, (_, at) => sampleSlot(`a-${at}`));
      await putWork(workspace, all);
      const claimer = new Claimer(queue);
      const work = async () => {
        const held = await claimer.next(ada);
        if (held === undefined) throw new Error('nothing to claim');
        return completeHeld(queue, held, passed);
      };
      await Promise.all(all.map(work));
      const { commit } = await workspace.log.tip();
      await queuePass(opened);
      const subjects = await place.truth.git('log', '--format=%s', '--reverse', `${commit}..main`);
      expect(subjects.split('\n')).toEqual(['Fold 200 slots into the history', 'Record a pass']);
      expect(await recordsOf(opened, 'slot_event')).toHaveLength(400);
      expect(await itemEventsOf(opened)).toEqual(['a complete {"shipped":200}']);
      expect(await slotCells(place)).toEqual([]);
    });
  });
});
