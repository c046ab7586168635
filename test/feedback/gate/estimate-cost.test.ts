import { describe, expect, test } from 'vitest';
import type { ReplayRun } from '../../../src/contracts/patch-test.ts';
import { estimateCost } from '../../../src/feedback/gate/estimate-cost.ts';
import { planGate } from '../../../src/feedback/gate/plan-gate.ts';
import { gateFacts, pairs, run, stage } from './gate-cases.ts';

const silent = (count: number, more: Partial<ReplayRun> = {}) =>
  Array.from({ length: count }, (_, at) => run({ task_id: `s-${at}`, ...more }));

describe('what replays have cost', () => {
  test('is what they told, where all did.', () => {
    expect(estimateCost([run({ cost_usd: 1 }), run({ cost_usd: 0 })])).toEqual({ usd: 1, unknown: 0 });
    expect(estimateCost([])).toEqual({ usd: 0, unknown: 0 });
  });

  test('counts the silent ones at the mean of their arm, else at the mean of all.', () => {
    const told = [run({ cost_usd: 1 }), run({ cost_usd: 3 }), run({ cost_usd: 8, arm: 'new' })];
    expect(estimateCost([...told, ...silent(2), ...silent(1, { arm: 'new' })])).toEqual({
      usd: 12 + 2 * 2 + 8,
      unknown: 0,
    });
    expect(estimateCost([run({ cost_usd: 2 }), ...silent(3, { arm: 'new' })]).usd).toBe(8);
  });

  test('counts them at what past runs cost when not one told, and says when nothing is known.', () => {
    const expected = silent(4, { extra: { expected_usd: 0.5 } });
    expect(estimateCost(expected)).toEqual({ usd: 2, unknown: 0 });
    expect(estimateCost([...expected, ...silent(3)])).toEqual({ usd: 2, unknown: 3 });
    expect(estimateCost(silent(1, { extra: { expected_usd: 'much' } })).unknown).toBe(1);
  });

  test('counts a fault of the infrastructure, too: it may have worked for an hour.', () => {
    expect(estimateCost([run({ cost_usd: 2 }), run({ outcome: 'error' })]).usd).toBe(4);
  });
});

describe('a test whose agent tells no cost', () => {
  const limit = { settings: { ...gateFacts().settings, per_test_usd: 4 } };
  const plan = (runs: readonly ReplayRun[], live: boolean) =>
    planGate(gateFacts({ ...limit, stages: { gate: stage(live) }, runs }));

  test('ends when what it has cost most likely is above the limit.', () => {
    const step = plan(silent(9, { extra: { expected_usd: 0.5 } }), true);
    expect(step).toMatchObject({
      step: 'conclude',
      figures: {
        reason: '9 of 120 replays were done for about $4.50, and gate.per_test_usd allows $4.00',
        extra: { estimated_cost_usd: 4.5 },
      },
    });
    expect(plan(silent(9, { extra: { expected_usd: 0.4 } }), true)).toMatchObject({ step: 'wait' });
  });

  test('goes on where nothing at all is known of its price, and says so.', () => {
    const untold = pairs(14, 3, 20, 23).map(({ cost_usd: _told, ...one }) => one);
    expect(plan(untold.slice(0, 60), true)).toMatchObject({ step: 'wait' });
    expect(plan(untold, false)).toMatchObject({
      figures: { verdict: 'improved', cost_usd: null, extra: { cost_note: 'cost not told' } },
    });
  });
});
