import { describe, expect, test } from 'vitest';
import type { ArmFigures } from '../../src/contracts/recommendation.ts';
import { predictEffect } from '../../src/feedback/predict-effect.ts';
import { recommended, route } from './feedback-records.ts';

const arm = (n: number, accepted: number, cost_usd: number | null = null): ArmFigures => ({
  arm: 'm',
  n,
  accepted,
  cost_usd,
});
const of = (...evidence: (readonly ArmFigures[])[]) => [
  recommended('r-1', [route('a')], {
    evidence: evidence.map((arms) => ({ statement: 's', record_ids: [], arms: [...arms] })),
  }),
];

describe('the predicted effect', () => {
  test('is the rate and the cost of a run, before and after, over all pairs of arms together.', () => {
    expect(
      predictEffect(of([arm(100, 40, 10), arm(100, 60, 50)], [arm(300, 90, 30), arm(300, 90, 30)])),
    ).toEqual({
      metric: 'acceptance_rate',
      baseline: 130 / 400,
      expected: 150 / 400,
      cost_per_run_before: 0.1,
      cost_per_run_after: 0.2,
      runs: 400,
      measured_by: expect.stringContaining('new version'),
      note: expect.stringContaining('expect somewhat less'),
    });
  });

  test('of a change that a model drafted is its guess, on top of the rate of all runs of the persona.', () => {
    // The finding is about 40 runs of 900: the guess is about all of them.
    const [entry] = of([arm(40, 10)]);
    const guess = (extra: Readonly<Record<string, unknown>>) =>
      [{ ...entry, extra }] as ReturnType<typeof of>;
    const drafted = guess({ baseline: 0.5, baseline_runs: 900, predicted_difference: 0.1 });
    expect(predictEffect(drafted)).toMatchObject({
      baseline: 0.5,
      expected: 0.6,
      runs: 900,
      note: expect.stringContaining('about all runs of the persona'),
    });
    const clamped = (points: number) => guess({ baseline: 0.5, predicted_difference: points });
    expect(predictEffect(clamped(0.9))).toMatchObject({ expected: 1, runs: 40 });
    expect(predictEffect(clamped(-0.9))).toMatchObject({ expected: 0, runs: 40 });
    const none = { baseline: null, expected: null, runs: 0 };
    expect(predictEffect([...drafted, ...of()])).toMatchObject(none);
    expect(predictEffect(guess({ predicted_difference: 0.1 }))).toMatchObject(none);
    for (const wrong of [{ baseline: 50 }, { baseline: '0.5' }, { predicted_difference: 10 }])
      expect(predictEffect(guess({ baseline: 0.5, predicted_difference: 0.1, ...wrong }))).toMatchObject(
        none,
      );
  });

  test('sums over several recommendations.', () => {
    const both = [...of([arm(10, 5), arm(10, 6)]), ...of([arm(10, 1), arm(10, 2)])];
    expect(predictEffect(both)).toMatchObject({ baseline: 6 / 20, expected: 8 / 20, runs: 20 });
  });

  test('knows no cost when one arm does not know its own.', () => {
    expect(predictEffect(of([arm(10, 5, 1), arm(10, 6)]))).toMatchObject({
      cost_per_run_before: 0.1,
      cost_per_run_after: null,
      expected: 0.6,
    });
  });

  test.each<[string, Parameters<typeof predictEffect>[0]]>([
    ['nobody recommends anything', []],
    ['there is no evidence in figures', [recommended('r-1', [route('a')])]],
    ['there is one arm only', of([arm(10, 5)])],
    ['there are three arms', of([arm(10, 5), arm(10, 6), arm(10, 7)])],
    ['an arm was never tried', of([arm(10, 5), arm(0, 0)])],
    ['an arm claims more successes than attempts', of([arm(10, 5), arm(10, 11)])],
  ])('is unknown, and says so, when %s.', (_why, recommendations) => {
    expect(predictEffect(recommendations)).toMatchObject({
      baseline: null,
      expected: null,
      cost_per_run_before: null,
      cost_per_run_after: null,
      runs: 0,
      note: expect.stringContaining('can only be seen afterwards'),
    });
  });
});
