import { expect, test } from 'vitest';
import type { Clock } from '../../src/contracts/clock.ts';
import { createAlarm } from '../../src/runner/alarm.ts';

/** Time that stands still until a sleep is cut short; it writes down how long each sleep was meant to be. */
function stillClock(): Clock & { readonly sleeps: number[] } {
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => new Date(0),
    monotonicMs: () => 0,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        sleeps.push(ms);
        if (signal === undefined) resolve();
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
}

test('an alarm that rings ends the wait that is under way.', async () => {
  const clock = stillClock();
  const alarm = createAlarm(clock);
  const waited = alarm.wait(30_000);
  alarm.ring();
  await waited;
  expect(clock.sleeps).toEqual([30_000]);
});

test('what rang while nobody waited is not lost: the next wait returns without a sleep.', async () => {
  const clock = stillClock();
  const alarm = createAlarm(clock);
  alarm.ring();
  alarm.ring();
  await alarm.wait(30_000);
  expect(clock.sleeps).toEqual([]);
});

test('a rest lets what rang gather, and forgets it.', async () => {
  const clock = stillClock();
  const alarm = createAlarm(clock);
  await alarm.rest(25);
  expect(clock.sleeps).toEqual([]);
  alarm.ring();
  await alarm.rest(25);
  await alarm.rest(25);
  expect(clock.sleeps).toEqual([25]);
});

test('what rings during or after a rest is kept for the next wait.', async () => {
  const clock = stillClock();
  const alarm = createAlarm(clock);
  await alarm.rest(25);
  alarm.ring();
  await alarm.wait(30_000);
  expect(clock.sleeps).toEqual([]);
});
