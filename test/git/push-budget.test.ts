import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/contracts/clock.ts';
import { fullJitter } from '../../src/git/backoff.ts';
import { limitedPushes, type PushPriority, unlimitedPushes } from '../../src/git/push-budget.ts';
import { pushesOfMachine, pushesOfProcess } from '../../src/git/push-history.ts';

test('full jitter waits anything up to a bound that doubles and ends at two seconds.', () => {
  const longest = [0, 1, 2, 6, 7, 20].map((attempt) => fullJitter(attempt, () => 1));
  expect(longest).toEqual([20, 40, 80, 1280, 2000, 2000]);
  expect(fullJitter(5, () => 0)).toBe(0);
  expect(fullJitter(2, () => 0.5, 50, 100)).toBe(50);
});

test('six pushes leave at once, the seventh when the first is a minute old.', async () => {
  const clock = fakeClock();
  const budget = limitedPushes(clock, 6, pushesOfProcess(clock));
  const gone: number[] = [];
  const pushes = Array.from({ length: 8 }, () =>
    budget.take('intake').then(() => gone.push(clock.monotonicMs())),
  );
  await settle();
  expect(gone).toEqual([0, 0, 0, 0, 0, 0]);
  expect(await budget.meter()).toEqual({ used: 6, limit: 6, waiting: 2 });
  await clock.pass(59_999);
  expect(gone).toHaveLength(6);
  await clock.pass(1);
  await Promise.all(pushes);
  expect(gone.slice(6)).toEqual([60_000, 60_000]);
  expect(await budget.meter()).toEqual({ used: 2, limit: 6, waiting: 0 });
});

test('never lets more than the limit through in any minute.', async () => {
  const clock = fakeClock();
  const budget = limitedPushes(clock, 6, pushesOfProcess(clock));
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
  const budget = limitedPushes(clock, 1, pushesOfProcess(clock));
  const order: string[] = [];
  const ask = (name: string, priority: PushPriority) => budget.take(priority).then(() => order.push(name));
  const all = [ask('first', 'heartbeat')];
  await settle();
  all.push(ask('beat', 'heartbeat'), ask('intake 1', 'intake'), ask('claim', 'claim'));
  await settle();
  all.push(ask('intake 2', 'intake'), ask('result', 'result'));
  for (let minute = 0; minute < 6; minute += 1) await clock.pass(60_000);
  await Promise.all(all);
  expect(order).toEqual(['first', 'result', 'claim', 'intake 1', 'intake 2', 'beat']);
});

test('an unlimited budget never waits and still counts the last minute.', async () => {
  const clock = fakeClock();
  const budget = unlimitedPushes(pushesOfProcess(clock));
  for (let n = 0; n < 20; n += 1) await budget.take('heartbeat');
  expect(await budget.meter()).toEqual({ used: 20, limit: null, waiting: 0 });
  await clock.pass(60_001);
  expect((await budget.meter()).used).toBe(0);
});

test('the processes of a machine share one budget, and see each other on the meter.', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millwright-pushes-'));
  const clock = fakeClock();
  const path = join(folder, 'pushes.json');
  const [one, other] = [0, 1].map(() => limitedPushes(clock, 3, pushesOfMachine(clock, path)));
  await one?.take('intake');
  await other?.take('intake');
  await one?.take('claim');
  expect(await other?.meter()).toEqual({ used: 3, limit: 3, waiting: 0 });
  expect(await pushesOfMachine(clock, path).take(3)).toBe(60_000);
  await writeFile(path, 'not JSON');
  expect(await pushesOfMachine(clock, path).take(3)).toBe(0);
  await writeFile(path, JSON.stringify([9e15, 9e15, 9e15]));
  expect(await pushesOfMachine(clock, path).take(3)).toBe(0);
  await rm(folder, { recursive: true });
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
