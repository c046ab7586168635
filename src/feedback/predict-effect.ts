import type { PredictedEffect } from '../contracts/patch.ts';
import type { ArmFigures } from '../contracts/recommendation.ts';
import type { RecommendationEntry } from './feedback-state.ts';
import { pairedArms } from './paired-arms.ts';

/**
 * What the patch should do: to the work of the paired arms behind it, or to all runs of the persona where a model
 * guessed. It is recorded before the merge and held against what happens afterwards. The figures are those of the
 * data that suggested the patch; such figures flatter, and the note says so.
 */
export function predictEffect(recommendations: readonly RecommendationEntry[]): PredictedEffect {
  const arms = pairedArms(recommendations.flatMap(({ evidence }) => evidence)).map((item) => item.arms);
  const before = total(arms.map(([old]) => old));
  const after = total(arms.map(([, proposed]) => proposed));
  const guess = guessOf(recommendations);
  const measuredBy = 'acceptance rate of the outcomes recorded under the new version, against the old one';
  if (before.n === 0 && guess !== undefined) {
    return {
      metric: 'acceptance_rate',
      ...guess,
      cost_per_run_before: null,
      cost_per_run_after: null,
      measured_by: measuredBy,
      note: 'A guess of the model that drafted the change, about all runs of the persona.',
    };
  }
  if (before.n === 0 || after.n === 0) {
    return {
      metric: 'acceptance_rate',
      baseline: null,
      expected: null,
      cost_per_run_before: null,
      cost_per_run_after: null,
      runs: 0,
      measured_by: measuredBy,
      note: 'No figures stand behind this change; its effect can only be seen afterwards.',
    };
  }
  return {
    metric: 'acceptance_rate',
    baseline: before.accepted / before.n,
    expected: after.accepted / after.n,
    cost_per_run_before: before.cost === null ? null : before.cost / before.n,
    cost_per_run_after: after.cost === null ? null : after.cost / after.n,
    runs: after.n,
    measured_by: measuredBy,
    note: 'Computed on the records that suggested the change: expect somewhat less.',
  };
}

/** What whoever drafted the change expects of it, as a change of the rate over all runs of the persona. */
function guessOf(
  recommendations: readonly RecommendationEntry[],
): Pick<PredictedEffect, 'baseline' | 'expected' | 'runs'> | undefined {
  const [only, ...others] = recommendations;
  const { baseline, predicted_difference: points, baseline_runs: told } = only?.extra ?? {};
  if (only === undefined || others.length > 0 || !isWithin(baseline, 0) || !isWithin(points, -1))
    return undefined;
  const arm = only.evidence.flatMap(({ arms = [] }) => arms.slice(0, 1)).find(({ n }) => n > 0);
  const runs = typeof told === 'number' && Number.isInteger(told) && told >= 0 ? told : (arm?.n ?? 0);
  return { baseline, expected: Math.min(Math.max(baseline + points, 0), 1), runs };
}

/** Anybody may drop a recommendation: what is no rate gives no promise. */
function isWithin(value: unknown, least: number): value is number {
  return typeof value === 'number' && value >= least && value <= 1;
}

interface Total {
  readonly n: number;
  readonly accepted: number;
  readonly cost: number | null;
}

function total(arms: readonly (ArmFigures | undefined)[]): Total {
  return arms.reduce<Total>(
    (sum, arm) => ({
      n: sum.n + (arm?.n ?? 0),
      accepted: sum.accepted + (arm?.accepted ?? 0),
      cost: sum.cost === null || arm?.cost_usd == null ? null : sum.cost + arm.cost_usd,
    }),
    { n: 0, accepted: 0, cost: 0 },
  );
}
