import { expect, test } from 'vitest';
import { armOfRun } from '../../../src/feedback/effects/arm-of-run.ts';
import { calibration } from '../../../src/feedback/effects/calibration.ts';
import { newcombeInterval } from '../../../src/feedback/effects/newcombe-interval.ts';

const kept = (...pairs: readonly (readonly [number, number])[]) =>
  calibration(pairs.map(([predicted, measured]) => ({ predicted, measured })));

test('calibration says nothing without promises, and no slope with too few or too similar ones.', () => {
  expect(kept()).toEqual({ n: 0, slope: null, mean_absolute_error: null });
  expect(kept([0.1, 0.05])).toEqual({ n: 1, slope: null, mean_absolute_error: 0.05 });
  expect(kept([0.1, 0], [0.2, 0]).slope).toBeNull();
  expect(kept([0.1, 0], [0.1, 0.3], [0.1, -0.2]).slope).toBeNull();
});

test('calibration is 1 for promises that are kept, and a half for those that promise double.', () => {
  expect(kept([0.1, 0.1], [0.2, 0.2], [-0.1, -0.1])).toMatchObject({ n: 3, mean_absolute_error: 0 });
  expect(kept([0.1, 0.1], [0.2, 0.2], [-0.1, -0.1]).slope).toBeCloseTo(1, 12);
  expect(kept([0.1, 0.05], [0.2, 0.1], [0.4, 0.2]).slope).toBeCloseTo(0.5, 12);
  // By hand: centred (-.1, .1) (0, -.1) (.1, 0), so the slope is -.01 / .02.
  expect(kept([0, 0.2], [0.1, 0], [0.2, 0.1]).slope).toBeCloseTo(-0.5, 12);
});

test('the interval of a difference is that of Newcombe 1998, method 10.', () => {
  // His example (a): 56 of 70 against 48 of 80, 95 %: 0.0524 to 0.3339.
  const found = newcombeInterval({ runs: 80, accepted: 48 }, { runs: 70, accepted: 56 }, 1.959964);
  expect(found?.difference).toBeCloseTo(0.2, 12);
  expect(found?.low).toBeCloseTo(0.0524, 4);
  expect(found?.high).toBeCloseTo(0.3339, 4);
  expect(newcombeInterval({ runs: 0, accepted: 0 }, { runs: 9, accepted: 9 })).toBeNull();
  const far = newcombeInterval({ runs: 5, accepted: 5 }, { runs: 5, accepted: 0 });
  expect(far).toMatchObject({ difference: -1, low: -1 });
});

test('a run has one arm for good, half of all runs each, drawn anew for another patch.', () => {
  const slots = Array.from({ length: 4_000 }, (_, n) => `slot-${n}`);
  const arms = slots.map((slot) => armOfRun('patch-1', slot));
  expect(arms).toEqual(slots.map((slot) => armOfRun('patch-1', slot)));
  const treated = arms.filter((arm) => arm === 'treatment').length;
  // Five standard deviations.
  expect(Math.abs(treated - 2_000)).toBeLessThan(158);
  const same = slots.filter((slot, n) => armOfRun('patch-2', slot) === arms[n]).length;
  expect(Math.abs(same - 2_000)).toBeLessThan(158);
});
