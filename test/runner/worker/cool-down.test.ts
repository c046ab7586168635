import { expect, test } from 'vitest';
import { CoolDown } from '../../../src/runner/worker/cool-down.ts';
import { manualClock } from '../../queue/memory-place.ts';

const MINUTE = 60;

test('a slot that broke is left alone for a minute, then twice as long each time, up to a quarter of an hour.', () => {
  const clock = manualClock();
  const coolDown = new CoolDown(clock);
  expect(coolDown.has('a-1')).toBe(false);
  for (const minutes of [1, 2, 4, 8, 15, 15]) {
    coolDown.add('a-1', false);
    clock.advance(minutes * MINUTE - 1);
    expect(coolDown.has('a-1')).toBe(true);
    expect(coolDown.has('a-2')).toBe(false);
    clock.advance(1);
    expect(coolDown.has('a-1')).toBe(false);
  }
});

test('a slot that is left alone for good is so as long as the worker lives.', () => {
  const clock = manualClock();
  const coolDown = new CoolDown(clock);
  coolDown.add('a-1', true);
  clock.advance(1e9);
  expect(coolDown.has('a-1')).toBe(true);
});
