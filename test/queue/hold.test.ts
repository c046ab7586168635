import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cancelItem } from '../../src/queue/cancel-item.ts';
import { Claimer } from '../../src/queue/claimer.ts';
import type { Held } from '../../src/queue/held.ts';
import { cancelHeld, completeHeld, releaseHeld, renewHeld } from '../../src/queue/hold.ts';
import { queueController } from '../../src/queue/queue-controller.ts';
import {
  type Machine,
  type ManualClock,
  type MemoryPlace,
  manualClock,
  memoryPlace,
} from './memory-place.ts';
import { ada, bob, putWork, sampleSlot } from './sample-work.ts';

let clock: ManualClock;
let place: MemoryPlace;
let mine: Machine;
let theirs: Machine;
beforeEach(async () => {
  clock = manualClock();
  place = memoryPlace(clock);
  [mine, theirs] = [place.machine(), place.machine()];
});
afterEach(() => place[Symbol.asyncDispose]());

const passed = { smoke_test_pass: true, files_pushed: [] };
const failed = { smoke_test_pass: false, files_pushed: [] };
const gone = new Error('the remote is gone');

async function hold(slots: number): Promise<Held[]> {
  const all = Array.from({ length: slots }, (_, at) => sampleSlot(`a-${at + 1}`));
  await putWork(mine.workspace, all);
  const claimer = new Claimer(mine.queue);
  const held = [];
  for (let at = 0; at < slots; at += 1) held.push((await claimer.next(ada)) as Held);
  mine.pushes.length = 0;
  return held;
}

/** Somebody else takes all slots over, as abandoned. */
async function takeAll(count: number): Promise<Held[]> {
  const claimer = new Claimer(theirs.queue, { watches: true });
  await claimer.next(bob);
  clock.advance(100);
  const held = [];
  for (let at = 0; at < count; at += 1) held.push((await claimer.next(bob)) as Held);
  return held;
}

/** The next push arrives, but neither its answer nor any question after it. */
function cutAfterPush(): void {
  mine.weather.afterPush = () => {
    mine.weather.beforeLook = () => {
      throw gone;
    };
    throw gone;
  };
}

function mend(): void {
  delete mine.weather.afterPush;
  delete mine.weather.beforePush;
  delete mine.weather.beforeLook;
}

describe('a renewal', () => {
  test('of a hundred claims is one push, and each holds for another lease.', async () => {
    const held = await hold(100);
    clock.advance(30);
    const answers = await renewHeld(mine.queue, held);
    expect(mine.pushes.map((updates) => updates.length)).toEqual([100]);
    for (const answer of answers)
      expect(answer).toMatchObject({
        result: 'held',
        held: {
          untilMs: expect.closeTo(84_000, 2),
          claim: { token: 1, renewals: 1, renewed_at: '2026-11-20T10:00:30.000Z' },
        },
      });
  });

  test('tells each claim by itself that it was lost, and to whom.', async () => {
    const held = await hold(3);
    const [other] = await takeAll(1);
    const answers = await renewHeld(mine.queue, held);
    for (const [at, { slot }] of held.entries()) {
      const lost = slot.slot_id === other?.slot.slot_id;
      expect(answers[at]).toMatchObject(
        lost ? { result: 'lost', by: { worker_id: 'bob', token: 2 } } : { result: 'held' },
      );
    }
  });

  test('of a cell that is there no more is lost, to nobody.', async () => {
    const held = await hold(1);
    place.refs.delete('refs/millwright/slots/a-1');
    expect(await renewHeld(mine.queue, held)).toEqual([{ result: 'lost', by: null }]);
  });

  test('of nothing asks nobody.', async () => {
    expect(await renewHeld(mine.queue, [])).toEqual([]);
    expect([mine.pushes.length, mine.looks]).toEqual([0, 0]);
  });

  test('whose answer was lost is unknown; the next one finds it under its own nonce and keeps the old bound.', async () => {
    const [held] = (await hold(1)) as [Held];
    clock.advance(30);
    cutAfterPush();
    expect(await renewHeld(mine.queue, [held])).toEqual([{ result: 'unknown', error: gone }]);
    mend();
    clock.advance(1);
    const [again] = await renewHeld(mine.queue, [held]);
    expect(again).toMatchObject({ result: 'held', held: { untilMs: held.untilMs, claim: { renewals: 1 } } });
    const [third] = await renewHeld(mine.queue, [(again as { held: Held }).held]);
    expect(third).toMatchObject({
      result: 'held',
      held: { untilMs: expect.closeTo(85_000, 2), claim: { renewals: 2 } },
    });
  });

  test('that never arrived is unknown, and changes nothing.', async () => {
    const [held] = (await hold(1)) as [Held];
    mine.weather.beforePush = () => {
      throw gone;
    };
    expect(await renewHeld(mine.queue, [held])).toEqual([{ result: 'unknown', error: gone }]);
    mend();
    expect(place.refs.get('refs/millwright/slots/a-1')).toBe(held.commit);
    expect(await renewHeld(mine.queue, [held])).toMatchObject([
      { result: 'held', held: { untilMs: expect.closeTo(54_000, 2) } },
    ]);
  });
});

describe('a completion', () => {
  test('that is given twice is answered twice with the same commit.', async () => {
    const [held] = (await hold(1)) as [Held];
    const once = await completeHeld(mine.queue, held, passed);
    expect(once).toMatchObject({ result: 'ended', claim: { state: 'shipped' } });
    expect(await completeHeld(mine.queue, held, passed)).toEqual(once);
    expect(place.refs.get('refs/millwright/slots/a-1')).toBe((once as { commit: string }).commit);
  });

  test('whose answer was lost has happened once.', async () => {
    const [held] = (await hold(1)) as [Held];
    cutAfterPush();
    expect(await completeHeld(mine.queue, held, passed)).toEqual({ result: 'unknown', error: gone });
    mend();
    expect(await completeHeld(mine.queue, held, passed)).toMatchObject({
      result: 'ended',
      claim: { state: 'shipped', token: 1 },
    });
  });

  test('whose answer was lost, and that a pass has folded meanwhile, has happened.', async () => {
    const [held] = (await hold(1)) as [Held];
    cutAfterPush();
    expect(await completeHeld(mine.queue, held, passed)).toMatchObject({ result: 'unknown' });
    mend();
    for (const step of await queueController.plan(theirs.context)) await step.apply();
    expect(await completeHeld(mine.queue, held, passed)).toMatchObject({
      result: 'ended',
      claim: { state: 'shipped', token: 1 },
    });
  });

  test('after another end of the same claim is lost: the first word counts.', async () => {
    const [held] = (await hold(1)) as [Held];
    await completeHeld(mine.queue, held, passed);
    expect(await completeHeld(mine.queue, held, failed)).toMatchObject({
      result: 'lost',
      by: { state: 'shipped' },
    });
    expect(await releaseHeld(mine.queue, held, 'x', true)).toMatchObject({ result: 'lost' });
    expect(await cancelHeld(mine.queue, held, 'x')).toMatchObject({ result: 'lost' });
  });

  test('on a claim that was renewed meanwhile gets the claim as it is now, and ends nothing.', async () => {
    const [held] = (await hold(1)) as [Held];
    await renewHeld(mine.queue, [held]);
    const answer = await completeHeld(mine.queue, held, passed);
    expect(answer).toMatchObject({ result: 'held', held: { claim: { renewals: 1 } } });
    expect(await completeHeld(mine.queue, (answer as { held: Held }).held, passed)).toMatchObject({
      result: 'ended',
    });
  });

  test.each([
    ['completed', (held: Held) => completeHeld(mine.queue, held, passed)],
    ['released', (held: Held) => releaseHeld(mine.queue, held, 'x', false)],
    ['cancelled', (held: Held) => cancelHeld(mine.queue, held, 'x')],
  ])('of a claim that another has taken over is lost: it cannot be %s.', async (_, step) => {
    const [held] = (await hold(1)) as [Held];
    await takeAll(1);
    const before = place.refs.get('refs/millwright/slots/a-1');
    expect(await step(held)).toMatchObject({ result: 'lost', by: { worker_id: 'bob', token: 2 } });
    expect(place.refs.get('refs/millwright/slots/a-1')).toBe(before);
  });
});

describe('a release', () => {
  test('whose answer was lost, of an item that was then cancelled and folded, has happened.', async () => {
    const [held] = (await hold(1)) as [Held];
    cutAfterPush();
    expect(await releaseHeld(mine.queue, held, 'no disk', true)).toMatchObject({ result: 'unknown' });
    mend();
    await cancelItem(theirs.context, held.slot.item_id, 'not wanted');
    for (const step of await queueController.plan(theirs.context)) await step.apply();
    expect(await releaseHeld(mine.queue, held, 'no disk', true)).toMatchObject({
      result: 'ended',
      claim: { state: 'released', token: 1 },
    });
  });

  test('lets the next one claim at once, under the next token.', async () => {
    const [held] = (await hold(1)) as [Held];
    expect(await releaseHeld(mine.queue, held, 'shutting down', false)).toMatchObject({
      result: 'ended',
      claim: { state: 'released', attempts: 0, reason: 'shutting down' },
    });
    expect((await new Claimer(theirs.queue).next(bob))?.claim).toMatchObject({ token: 2, attempts: 0 });
  });

  test('that broke once too often makes the slot dead.', async () => {
    await hold(1);
    const attempts = [];
    for (let at = 0; at < 3; at += 1) {
      const cell = await new Claimer(mine.queue, { filter: { slot: 'a-1' } }).next(ada);
      const held = cell ?? ((await takeAll(1))[0] as Held);
      const answer = await releaseHeld(cell ? mine.queue : theirs.queue, held, 'no disk', true);
      attempts.push((answer as { claim: { state: string } }).claim.state);
      if (attempts.at(-1) === 'dead') break;
    }
    expect(attempts).toEqual(['released', 'dead']);
  });
});
