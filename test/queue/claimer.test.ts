import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WorkSlot } from '../../src/contracts/work.ts';
import { cancelItem } from '../../src/queue/cancel-item.ts';
import { Claimer, type ClaimerOptions } from '../../src/queue/claimer.ts';
import type { Held } from '../../src/queue/held.ts';
import { completeHeld, releaseHeld, renewHeld } from '../../src/queue/hold.ts';
import { queueController } from '../../src/queue/queue-controller.ts';
import { reviveSlot } from '../../src/queue/revive-slot.ts';
import type { WorkerIdentity } from '../../src/queue/slot-machine.ts';
import { runPass } from '../../src/runner/run-pass.ts';
import { seededRandom } from '../e2e/seeded-random.ts';
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
let desk: Machine;
beforeEach(() => {
  clock = manualClock();
  place = memoryPlace(clock);
  desk = place.machine();
});
afterEach(() => place[Symbol.asyncDispose]());

const queued = (...slots: WorkSlot[]) => putWork(desk.workspace, slots);
const pass = (machine = desk) => runPass(machine.context, { controllers: [queueController] });
const claimers = new WeakMap<Machine, Claimer>();

/** Claims as the daemon of this machine does. */
function next(machine: Machine, worker: WorkerIdentity, options: ClaimerOptions = {}) {
  const claimer = claimers.get(machine) ?? new Claimer(machine.queue, { watches: true, ...options });
  claimers.set(machine, claimer);
  return claimer.next(worker);
}

const passed = { smoke_test_pass: true, files_pushed: [], branch_name: 'feat/late', commit_hash: 'c0ffee' };
const cellOf = (slotId: string) => place.refs.get(`refs/millwright/slots/${slotId}`);

describe('a claimer chooses', () => {
  test('the highest priority first, whatever was queued first.', async () => {
    await queued(
      sampleSlot('low-1', { priority: -5 }),
      sampleSlot('mid-1'),
      sampleSlot('high-1', { priority: 9 }),
    );
    const machine = place.machine();
    const order = [];
    for (let held = await next(machine, ada); held !== undefined; held = await next(machine, ada))
      order.push(held.slot.slot_id);
    expect(order).toEqual(['high-1', 'mid-1', 'low-1']);
  });

  test('at random among equals: each of five comes first about as often.', async () => {
    await queued(...[1, 2, 3, 4, 5].map((n) => sampleSlot(`a-${n}`)));
    const random = seededRandom(20_261_120);
    const first: Record<string, number> = {};
    for (let at = 0; at < 500; at += 1) {
      const claimer = new Claimer(desk.queue, { random });
      const held = (await claimer.next(ada)) as Held;
      first[held.slot.slot_id] = (first[held.slot.slot_id] ?? 0) + 1;
      await releaseHeld(desk.queue, held, 'for the next draw', false);
    }
    expect(Object.keys(first)).toHaveLength(5);
    // 100 expected of each; 3.5 standard deviations are 31.
    for (const count of Object.values(first)) expect(Math.abs(count - 100)).toBeLessThan(31);
  });

  test('only kinds, items and slots that are asked for, and none that it avoids.', async () => {
    await queued(sampleSlot('a-1'), sampleSlot('b-1', { kind: 'job' }), sampleSlot('c-1'), sampleSlot('c-2'));
    const claim = async (options: ClaimerOptions) =>
      (await new Claimer(place.machine().queue, options).next(ada))?.slot.slot_id;
    expect(await claim({ filter: { kinds: new Set(['job']) } })).toBe('b-1');
    expect(await claim({ filter: { item: 'c' }, avoids: (id) => id === 'c-1' })).toBe('c-2');
    expect(await claim({ filter: { slot: 'a-1' } })).toBe('a-1');
    expect(await claim({ filter: { slot: 'a-1' } })).toBeUndefined();
    expect(await claim({ filter: { kinds: new Set(['deployment']) } })).toBeUndefined();
  });

  test('no slot whose needs are not shipped, and the cell of the needed one is enough.', async () => {
    await queued(sampleSlot('a-1'), sampleSlot('a-2', { needs: ['a-1'], priority: 5 }));
    const [one, two] = [place.machine(), place.machine()];
    const first = (await next(one, ada)) as Held;
    expect(first.slot.slot_id).toBe('a-1');
    expect(await next(two, bob)).toBeUndefined();
    await completeHeld(one.queue, first, passed);
    expect((await next(two, bob))?.slot.slot_id).toBe('a-2');
  });

  test('a slot whose need was folded long ago.', async () => {
    await queued(sampleSlot('a-1'), sampleSlot('a-2', { needs: ['a-1'] }));
    const machine = place.machine();
    await completeHeld(machine.queue, (await next(machine, ada)) as Held, passed);
    await pass();
    expect(cellOf('a-1')).toBeUndefined();
    expect((await next(machine, ada))?.slot.slot_id).toBe('a-2');
  });

  test('nothing of a cancelled item, not even what has run out.', async () => {
    await queued(sampleSlot('a-1'), sampleSlot('a-2'));
    const [one, two] = [place.machine(), place.machine()];
    await next(one, ada, { filter: { slot: 'a-1' } });
    await next(two, bob, { filter: { slot: 'none' } });
    await cancelItem(desk.context, 'a', 'not wanted');
    clock.advance(1_000);
    const three = place.machine();
    expect(await next(three, bob)).toBeUndefined();
    clock.advance(1_000);
    expect(await next(three, bob)).toBeUndefined();
  });
});

describe('a claim costs', () => {
  test('one look for the first, and one push each, as long as nobody else is there.', async () => {
    await queued(...Array.from({ length: 10 }, (_, at) => sampleSlot(`a-${at}`)));
    const machine = place.machine();
    for (let at = 0; at < 10; at += 1) expect(await next(machine, ada)).toBeDefined();
    expect(machine.pushes).toHaveLength(10);
    expect(machine.pushes.every((updates) => updates.length === 1)).toBe(true);
    expect(machine.looks).toBeLessThanOrEqual(3);
  });

  test('nothing but one look when there is nothing.', async () => {
    const machine = place.machine();
    expect(await next(machine, ada)).toBeUndefined();
    expect(machine.pushes).toEqual([]);
    expect(machine.looks).toBe(1);
  });
});

describe('two claimers', () => {
  test('that race over fifty slots claim each exactly once.', async () => {
    await queued(...Array.from({ length: 50 }, (_, at) => sampleSlot(`a-${at}`)));
    const claimAll = async (machine: Machine, worker: WorkerIdentity) => {
      const mine: Held[] = [];
      for (let held = await next(machine, worker); held !== undefined; held = await next(machine, worker))
        mine.push(held);
      return mine;
    };
    const [one, two] = [place.machine(), place.machine()];
    const all = (await Promise.all([claimAll(one, ada), claimAll(two, bob)])).flat();
    expect(all).toHaveLength(50);
    expect(new Set(all.map(({ slot }) => slot.slot_id)).size).toBe(50);
    for (const { slot, commit } of all) expect(cellOf(slot.slot_id)).toBe(commit);
  });

  test('of one process share its looks: five at once claim five.', async () => {
    await queued(...Array.from({ length: 5 }, (_, at) => sampleSlot(`a-${at}`)));
    const machine = place.machine();
    const held = await Promise.all([1, 2, 3, 4, 5].map(() => next(machine, ada)));
    expect(new Set(held.map((one) => one?.slot.slot_id)).size).toBe(5);
    expect(machine.looks).toBeLessThanOrEqual(3);
    // What is asked for in the same breath leaves together.
    expect(machine.pushes.length).toBeLessThan(5);
  });
});

describe('an abandoned claim', () => {
  const lease = { lease_seconds: 60 };

  test('is taken over by whoever has watched it for 1.1 leases, under the next token.', async () => {
    await queued(sampleSlot('a-1', lease));
    const [one, two] = [place.machine(), place.machine()];
    const first = (await next(one, ada)) as Held;
    clock.advance(50);
    expect(await next(two, bob)).toBeUndefined();
    clock.advance(65.9);
    expect(await next(two, bob)).toBeUndefined();
    clock.advance(0.2);
    expect((await next(two, bob))?.claim).toMatchObject({ token: 2, attempts: 1, expired: { token: 1 } });
    expect(await completeHeld(one.queue, first, passed)).toMatchObject({ result: 'lost', by: { token: 2 } });
  });

  test('that was renewed while it was watched is watched from then on.', async () => {
    await queued(sampleSlot('a-1', lease));
    const [one, two] = [place.machine(), place.machine()];
    const first = (await next(one, ada)) as Held;
    expect(await next(two, bob)).toBeUndefined();
    clock.advance(40);
    await renewHeld(one.queue, [first]);
    clock.advance(30);
    expect(await next(two, bob)).toBeUndefined();
    clock.advance(65);
    expect(await next(two, bob)).toBeUndefined();
    clock.advance(2);
    expect((await next(two, bob))?.claim.token).toBe(2);
  });

  test('is never judged by the wall clock of one who watches, however wrong it is.', async () => {
    await queued(sampleSlot('a-1', lease));
    const [one, ahead] = [place.machine(), place.machine({ clock: clock.skewed(86_400) })];
    await next(one, ada);
    clock.advance(3);
    expect(await next(ahead, bob)).toBeUndefined();
    // One that does not stay has nothing else to go by.
    const passing = new Claimer(place.machine({ clock: clock.skewed(86_400) }).queue);
    expect((await passing.next(bob))?.claim.token).toBe(2);
  });

  test('is judged by the clock of the server where both sides have it.', async () => {
    await queued(sampleSlot('a-1', lease));
    const [one, two] = [
      place.machine({ clock: clock.skewed(-900) }),
      place.machine({ clock: clock.skewed(900) }),
    ];
    const time = () => ({ earliest: clock.now(), latest: new Date(clock.now().getTime() + 1_000) });
    one.weather.serverTime = time;
    two.weather.serverTime = time;
    const held = (await next(one, ada)) as Held;
    // The late bound: a claim never looks older than it is.
    expect(held.claim).toMatchObject({ clock: 'server', claimed_at: '2026-11-20T10:00:01.000Z' });
    clock.advance(61);
    expect(await next(two, bob)).toBeUndefined();
    clock.advance(2.1);
    expect((await next(two, bob))?.claim.expired?.judged_by).toMatch(/by the clock of the server$/);
  });

  test('that was one attempt too many is written off, and the claimer goes on to the next slot.', async () => {
    await queued(sampleSlot('a-1', { max_attempts: 1, priority: 9 }), sampleSlot('b-1'));
    const two = place.machine();
    await next(place.machine(), ada);
    await next(two, bob, { filter: {} });
    expect(cellOf('b-1')).toBeDefined();
    await queued(sampleSlot('c-1'));
    clock.advance(10);
    const three = place.machine();
    expect((await next(three, ada))?.slot.slot_id).toBe('c-1');
    clock.advance(70);
    expect((await next(three, ada))?.slot.slot_id).toBe('b-1');
    const report = await pass();
    expect(report.changed).toBe(true);
    const { snapshot } = await desk.workspace.log.tip();
    expect(await snapshot.text('queue/dead/a-1.json')).toContain('1 attempts failed');
  });
});

test('a claimer whose only candidate came to nothing looks at the cells that it has not read yet.', async () => {
  await queued(sampleSlot('a-1', { max_attempts: 1 }), sampleSlot('b-1'));
  const two = place.machine();
  await next(two, bob, { filter: {} });
  await next(two, bob);
  const three = place.machine();
  expect(await next(three, ada)).toBeUndefined();
  clock.advance(1_000);
  await pass();
  await queued(sampleSlot('c-1'));
  three.weather.beforePush = async () => {
    delete three.weather.beforePush;
    await next(place.machine(), bob, { filter: { slot: 'c-1' } });
  };
  // It knows of c-1 alone, and loses it; b-1 was given back under a commit that it has never read.
  expect((await next(three, ada))?.slot.slot_id).toBe('b-1');
});

describe('when the remote fails', () => {
  const gone = new Error('the remote is gone');

  test.each([
    ['before the swap', 'beforePush'],
    ['after the swap, and cannot be asked either', 'afterPush'],
  ] as const)('%s, the error is thrown, and the next call claims once.', async (_, moment) => {
    await queued(sampleSlot('a-1'), sampleSlot('a-2'));
    const machine = place.machine();
    machine.weather[moment] = () => {
      machine.weather.beforeLook = () => {
        throw gone;
      };
      throw gone;
    };
    await expect(next(machine, ada)).rejects.toBe(gone);
    await expect(next(machine, ada)).rejects.toBe(gone);
    delete machine.weather[moment];
    delete machine.weather.beforeLook;
    const all = [await next(machine, ada), await next(machine, ada), await next(machine, ada)];
    expect(new Set(all.map((held) => held?.slot.slot_id))).toEqual(new Set(['a-1', 'a-2', undefined]));
    expect(all.map((held) => held?.claim.token)).toEqual([1, 1, undefined]);
    for (const held of all) if (held) expect(cellOf(held.slot.slot_id)).toBe(held.commit);
  });

  test('after the swap, but can be asked, nobody notices.', async () => {
    await queued(sampleSlot('a-1'));
    const machine = place.machine();
    machine.weather.afterPush = () => {
      throw gone;
    };
    const held = (await next(machine, ada)) as Held;
    expect(cellOf('a-1')).toBe(held.commit);
  });

  test('a claim that is found again counts its lease from before the push.', async () => {
    await queued(sampleSlot('a-1'));
    const machine = place.machine();
    machine.weather.afterPush = () => {
      machine.weather.beforeLook = () => {
        throw gone;
      };
      throw gone;
    };
    const since = clock.monotonicMs();
    await expect(next(machine, ada)).rejects.toBe(gone);
    clock.advance(20);
    delete machine.weather.beforeLook;
    expect((await next(machine, ada))?.untilMs).toBeCloseTo(since + 54_000, 2);
  });

  test('one worker never finds the claim of another of its process.', async () => {
    await queued(sampleSlot('a-1'));
    const machine = place.machine();
    machine.weather.afterPush = () => {
      machine.weather.beforeLook = () => {
        throw gone;
      };
      throw gone;
    };
    await expect(next(machine, ada)).rejects.toBe(gone);
    delete machine.weather.beforeLook;
    expect(await next(machine, bob)).toBeUndefined();
    expect((await next(machine, ada))?.claim.worker_id).toBe('ada');
  });
});

describe('a claim from an old picture of the queue', () => {
  test('of a slot that was folded is a stray: a late result is kept, counts for nothing, and clears up.', async () => {
    await queued(sampleSlot('a-1'), sampleSlot('a-2'));
    const [late, quick] = [place.machine(), place.machine()];
    // It has seen both slots before anything happens to them.
    const one = (await next(late, ada)) as Held;
    const other = (await next(quick, bob)) as Held;
    await completeHeld(quick.queue, other, passed);
    await pass();
    const stray = (await next(late, ada)) as Held;
    expect(stray.slot.slot_id).toBe(other.slot.slot_id);
    expect(await completeHeld(late.queue, stray, passed)).toMatchObject({ result: 'ended' });
    await pass();
    expect(cellOf(stray.slot.slot_id)).toBeUndefined();
    const { snapshot } = await desk.workspace.log.tip();
    const path = `queue/rejected/claim/${stray.slot.slot_id}.1.json`;
    expect(JSON.parse((await snapshot.text(path)) ?? '')).toMatchObject({ worker_id: 'ada', result: passed });
    expect(await snapshot.text(path.replace(/json$/, 'error.md'))).toContain(
      'had left the queue before it was claimed',
    );
    await completeHeld(late.queue, one, passed);
    await pass();
    expect([...place.refs.keys()]).toEqual(['refs/heads/main']);
  });

  test('that is given up leaves nothing behind.', async () => {
    await queued(sampleSlot('a-1'));
    const [late, quick] = [place.machine(), place.machine()];
    late.weather.beforePush = async () => {
      delete late.weather.beforePush;
      await completeHeld(quick.queue, (await next(quick, bob)) as Held, passed);
      await pass();
    };
    const stray = (await next(late, ada)) as Held;
    expect(cellOf('a-1')).toBe(stray.commit);
    clock.advance(1_000);
    await pass();
    expect([...place.refs.keys()]).toEqual(['refs/heads/main']);
  });

  test("of a slot that is dead meets nobody's needs.", async () => {
    await queued(sampleSlot('a-1', { max_attempts: 1 }), sampleSlot('a-2', { needs: ['a-1'] }));
    const [late, quick] = [place.machine(), place.machine()];
    late.weather.beforePush = async () => {
      delete late.weather.beforePush;
      await releaseHeld(quick.queue, (await next(quick, bob)) as Held, 'no disk', true);
      await pass();
    };
    const stray = (await next(late, ada)) as Held;
    await completeHeld(late.queue, stray, passed);
    expect(await next(place.machine(), bob)).toBeUndefined();
    await pass();
    expect(await next(place.machine(), bob)).toBeUndefined();
    await reviveSlot(desk.context, 'a-1');
    expect((await next(place.machine(), bob))?.claim).toMatchObject({ slot_id: 'a-1', token: 2 });
  });
});
