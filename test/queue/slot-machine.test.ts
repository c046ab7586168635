import { describe, expect, test } from 'vitest';
import { type Claim, claim as claimSchema } from '../../src/contracts/work.ts';
import { judgeExpiry } from '../../src/queue/judge-expiry.ts';
import {
  cancel,
  claimSlot,
  complete,
  expire,
  isEnd,
  release,
  renew,
  takeOver,
} from '../../src/queue/slot-machine.ts';
import { ada, bob, sampleClaim, sampleSlot, stampAt, startOfTime } from './sample-work.ts';

const slot = sampleSlot('a-1');
const passed = { smoke_test_pass: true, files_pushed: [] };
const failed = { smoke_test_pass: false, files_pushed: [], reason: 'the tests hang' };
const expiry = { commit: 'c0ffee', judgedBy: 'seen unchanged for 70 s' };

type Step = (before: Claim) => Claim;
const steps: Readonly<Record<string, Step>> = {
  claim: (before) => claimSlot(slot, before, bob, stampAt(90)),
  'take over': (before) => takeOver(slot, before, bob, stampAt(90), expiry),
  expire: (before) => expire(before, stampAt(90), expiry),
  renew: (before) => renew(before, stampAt(30)),
  release: (before) => release(before, stampAt(30), 'shutting down', false),
  break: (before) => release(before, stampAt(30), 'no disk', true),
  'complete with a pass': (before) => complete(before, stampAt(30), passed),
  'complete with a failure': (before) => complete(before, stampAt(30), failed),
  cancel: (before) => cancel(before, stampAt(30), 'not wanted'),
};

/** What each step makes of a claim in each state; what is not named here is forbidden. */
const allowed: Readonly<Record<Claim['state'], Readonly<Record<string, Claim['state']>>>> = {
  claimed: {
    claim: 'claimed',
    'take over': 'claimed',
    expire: 'released',
    renew: 'claimed',
    release: 'released',
    break: 'released',
    'complete with a pass': 'shipped',
    'complete with a failure': 'failed',
    cancel: 'cancelled',
  },
  released: { claim: 'claimed', 'take over': 'claimed', cancel: 'cancelled' },
  shipped: {},
  failed: {},
  dead: {},
  cancelled: {},
};
const states = Object.keys(allowed) as Claim['state'][];
const table = states.flatMap((state) =>
  Object.keys(steps).map((step) => ({ state, step, to: allowed[state][step] })),
);
const run = (name: string, before: Claim): Claim => (steps[name] as Step)(before);

describe('the life of a slot', () => {
  test.each(table.filter(({ to }) => to !== undefined))(
    'from $state, the step "$step" leads to $to.',
    ({ state, step, to }) => {
      const after = run(step, sampleClaim({ state }));
      expect(after.state).toBe(to);
      expect(claimSchema.parse(after)).toEqual(after);
    },
  );

  test.each(table.filter(({ to }) => to === undefined))(
    'from $state, the step "$step" is impossible.',
    ({ state, step }) => {
      expect(() => run(step, sampleClaim({ state }))).toThrowError(
        expect.objectContaining({ code: 'impossible-step' }),
      );
    },
  );

  test('has four ends.', () => {
    expect(states.filter(isEnd)).toEqual(['shipped', 'failed', 'dead', 'cancelled']);
  });

  test('starts with a claim that carries all that a holder and a judge need.', () => {
    expect(claimSlot(slot, null, ada, stampAt(5, 'mine'))).toEqual({
      slot_id: 'a-1',
      item_id: 'a',
      state: 'claimed',
      ...ada,
      token: 1,
      nonce: 'mine',
      claimed_at: '2026-11-20T10:00:05.000Z',
      renewed_at: '2026-11-20T10:00:05.000Z',
      clock: 'local',
      lease_seconds: 60,
      attempts: 0,
      max_attempts: 3,
      renewals: 0,
    });
  });
});

describe('the token', () => {
  test('grows with every claim, and with nothing else.', () => {
    const first = claimSlot(slot, null, ada, stampAt(0, 'n1'));
    const tokens = [first];
    const then = (step: Step) => tokens.push(step(tokens.at(-1) as Claim));
    then((before) => renew(before, stampAt(1)));
    then((before) => release(before, stampAt(2), 'x', false));
    then((before) => claimSlot(slot, before, bob, stampAt(3, 'n2')));
    then((before) => takeOver(slot, before, ada, stampAt(90, 'n3'), expiry));
    then((before) => expire(before, stampAt(200), expiry));
    then((before) => claimSlot(slot, before, bob, stampAt(201, 'n4')));
    then((before) => complete(before, stampAt(202), passed));
    expect(tokens.map(({ token }) => token)).toEqual([1, 1, 1, 2, 3, 3, 4, 4]);
  });

  test('goes on from the last life in a slot that was revived.', () => {
    expect(claimSlot({ ...slot, token: 7 }, null, ada, stampAt(0)).token).toBe(8);
  });

  test('is above that of the slot even where the cell holds a stray claim of an earlier life.', () => {
    const stray = sampleClaim({ state: 'released', token: 1 });
    expect(claimSlot({ ...slot, token: 7 }, stray, ada, stampAt(0)).token).toBe(8);
    const held = sampleClaim({ token: 2 });
    expect(takeOver({ ...slot, token: 7 }, held, bob, stampAt(90), expiry).token).toBe(8);
  });
});

describe('attempts', () => {
  test.each([
    ['a release', (before: Claim) => release(before, stampAt(1), 'x', false), 'released', 1],
    ['a release that broke', (before: Claim) => release(before, stampAt(1), 'x', true), 'released', 2],
    ['a lease that ran out', (before: Claim) => expire(before, stampAt(90), expiry), 'released', 2],
    ['a take-over', (before: Claim) => takeOver(slot, before, bob, stampAt(90), expiry), 'claimed', 2],
    ['a failed result', (before: Claim) => complete(before, stampAt(1), failed), 'failed', 1],
    ['a renewal', (before: Claim) => renew(before, stampAt(1)), 'claimed', 1],
  ] as const)('after %s are counted.', (_, step, state, attempts) => {
    expect(step(sampleClaim({ attempts: 1 }))).toMatchObject({ state, attempts });
  });

  test.each([
    ['breaks', (before: Claim) => release(before, stampAt(1), 'no disk', true), 'no disk'],
    ['is given back', (before: Claim) => expire(before, stampAt(90), expiry), 'the lease ran out'],
    [
      'is taken over',
      (before: Claim) => takeOver(slot, before, bob, stampAt(90), expiry),
      'the lease ran out',
    ],
  ])(
    'that are one too many make a slot that %s dead, under the token of the last holder.',
    (_, step, why) => {
      const dead = step(sampleClaim({ attempts: 2, token: 5 }));
      expect(dead).toMatchObject({ state: 'dead', attempts: 3, token: 5, worker_id: 'ada' });
      expect(dead.reason).toBe(`3 attempts failed; the last one: ${why}`);
    },
  );

  test('of a slot whose item was set to one are used up at the first.', () => {
    const only = sampleSlot('a-1', { max_attempts: 1 });
    const held = claimSlot(only, null, ada, stampAt(0));
    expect(release(held, stampAt(1), 'x', false).state).toBe('released');
    expect(release(held, stampAt(1), 'x', true).state).toBe('dead');
  });
});

describe('a claim that ran out', () => {
  test('names whose it was, and who judged how, to the one that takes it over.', () => {
    const after = takeOver(slot, sampleClaim({ token: 4 }), bob, stampAt(90, 'n'), expiry);
    expect(after).toMatchObject({ ...bob, token: 5, nonce: 'n', attempts: 1, renewals: 0 });
    expect(after.expired).toEqual({
      commit: 'c0ffee',
      token: 4,
      worker_id: 'ada',
      judged_by: 'seen unchanged for 70 s',
    });
    expect(renew(after, stampAt(100)).expired).toBeUndefined();
  });

  test('keeps its holder in the cell when it is given back.', () => {
    const after = expire(sampleClaim({ token: 4 }), stampAt(90), expiry);
    expect(after).toMatchObject({ worker_id: 'ada', token: 4, reason: 'the lease ran out' });
    expect(after.expired).toMatchObject({ token: 4, worker_id: 'ada' });
  });
});

describe('whether a lease has run out', () => {
  const at = (seconds: number) => new Date(startOfTime.getTime() + seconds * 1_000);
  const server = (earliest: number, latest = earliest) => ({ earliest: at(earliest), latest: at(latest) });
  const facts = { unchangedMs: 0, server: undefined, now: at(0), marginSeconds: undefined };

  test.each([
    [60_000, false],
    [66_000, false],
    [66_001, true],
  ])('is judged by watching: unchanged for %d ms of a lease of 60 s says %s.', (unchangedMs, over) => {
    const words = judgeExpiry(sampleClaim(), { ...facts, unchangedMs });
    expect(words).toEqual(over ? 'seen unchanged for 66 s' : undefined);
  });

  test.each([
    ['server', 59, 120, undefined],
    ['server', 60, 60, undefined],
    ['server', 60.1, 70, 'over for 0.1 s by the clock of the server'],
    // A claim by a local clock is never held against the server's.
    ['local', 100_000, 100_000, undefined],
  ] as const)(
    'is judged by the early bound of the server: a claim by the %s clock, now between %d and %d s.',
    (clock, earliest, latest, says) => {
      const asked = { ...facts, server: server(earliest, latest), now: at(100_000) };
      expect(judgeExpiry(sampleClaim({ clock }), asked)).toBe(says);
    },
  );

  test('by the server is not overruled by a local clock, whatever the margin.', () => {
    const asked = { ...facts, server: server(30), now: at(100_000), marginSeconds: 60 };
    expect(judgeExpiry(sampleClaim({ clock: 'server' }), asked)).toBeUndefined();
  });

  test.each([
    [60, 120, undefined],
    [60, 120.5, 'over for 0.5 s beyond a margin of 60 s'],
    [0, 60.5, 'over for 0.5 s beyond a margin of 0 s'],
    [undefined, 1_000_000, undefined],
  ] as const)('with a margin of %s s, %d s after the last renewal: %s.', (marginSeconds, seconds, says) => {
    expect(judgeExpiry(sampleClaim(), { ...facts, now: at(seconds), marginSeconds })).toBe(says);
    const byServer = sampleClaim({ clock: 'server' });
    expect(judgeExpiry(byServer, { ...facts, now: at(seconds), marginSeconds })).toBe(says);
  });

  test.each(states.filter((state) => state !== 'claimed'))('is no question for %s.', (state) => {
    const asked = { ...facts, unchangedMs: 1e9, now: at(1e6), marginSeconds: 0, server: server(1e6) };
    expect(judgeExpiry(sampleClaim({ state }), asked)).toBeUndefined();
  });
});
