import { expect, test } from 'vitest';
import type { Clock } from '../../src/contracts/clock.ts';
import { fullJitter } from '../../src/git/backoff.ts';
import { limitedPushes, type PushPriority, unlimitedPushes } from '../../src/git/push-budget.ts';

test('full jitter waits anything up to a bound that doubles and ends at two seconds.', () => {
  const longest = [0, 1, 2, 6, 7, 20].map((attempt) => fullJitter(attempt, () => 1));
  expect(longest).toEqual([20, 40, 80, 1280, 2000, 2000]);
  expect(fullJitter(5, () => 0)).toBe(0);
  expect(fullJitter(2, () => 0.5, 50, 100)).toBe(50);
});

test('six pushes leave at once, the seventh when the first is a minute old.', async () => {
  const clock = fakeClock();
  const budget = limitedPushes(clock, 6);
  const gone: number[] = [];
  const pushes = Array.from({ length: 8 }, () =>
    budget.take('intake').then(() => gone.push(clock.monotonicMs())),
  );
  await settle();
  expect(gone).toEqual([0, 0, 0, 0, 0, 0]);
  expect(budget.meter()).toEqual({ used: 6, limit: 6, waiting: 2 });
  await clock.pass(59_999);
  expect(gone).toHaveLength(6);
  await clock.pass(1);
  await Promise.all(pushes);
  expect(gone.slice(6)).toEqual([60_000, 60_000]);
  expect(budget.meter()).toEqual({ used: 2, limit: 6, waiting: 0 });
});

test('never lets more than the limit through in any minute.', async () => {
  const clock = fakeClock();
  const budget = limitedPushes(clock, 6);
  const gone: number[] = [];
  for (let second = 0; second < 299; second += 1) {
    if (second % 4 === 0) void budget.take('claim').then(() => gone.push(clock.monotonicMs()));
    await settle();
    await clock.pass(1_000);
  }
  const inAnyMinute = gone.map((start) => gone.filter((at) => at >= start && at < start + 60_000).length);
  expect(Math.max(...inAnyMinute)).toBe(6);
  expect(gone).toHaveLength(30);
});

test('results go before claims, claims before intake, heartbeats last; equals in order of arrival.', async () => {
  const clock = fakeClock();
  const budget = limitedPushes(clock, 1);
  const order: string[] = [];
  const ask = (name: string, priority: PushPriority) => budget.take(priority).then(() => order.push(name));
  const all = [
    ask('first', 'heartbeat'),
    ask('beat', 'heartbeat'),
    ask('intake 1', 'intake'),
    ask('claim', 'claim'),
  ];
  await settle();
  all.push(ask('intake 2', 'intake'), ask('result', 'result'));
  for (let minute = 0; minute < 6; minute += 1) await clock.pass(60_000);
  await Promise.all(all);
  expect(order).toEqual(['first', 'result', 'claim', 'intake 1', 'intake 2', 'beat']);
});

test('an unlimited budget never waits and still counts the last minute.', async () => {
  const clock = fakeClock();
  const budget = unlimitedPushes(clock);
  for (let n = 0; n < 20; n += 1) await budget.take('heartbeat');
  expect(budget.meter()).toEqual({ used: 20, limit: null, waiting: 0 });
  await clock.pass(60_001);
  expect(budget.meter().used).toBe(0);
});

interface FakeClock extends Clock {
  /** Lets time pass and everything that waited for it run. */
  pass(ms: number): Promise<void>;
}

function fakeClock(): FakeClock {
  let now = 0;
  const sleepers: { until: number; wake: () => void }[] = [];
  return {
    now: () => new Date(now),
    monotonicMs: () => now,
    sleep: (ms) => new Promise((wake) => sleepers.push({ until: now + ms, wake })),
    pass: async (ms) => {
      now += ms;
      for (const sleeper of sleepers.splice(0))
        if (sleeper.until <= now) sleeper.wake();
        else sleepers.push(sleeper);
      await settle();
    },
  };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
