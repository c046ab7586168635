import type { PredictedEffect } from '../contracts/patch.ts';
import type { ArmFigures } from '../contracts/recommendation.ts';
import type { RecommendationEntry } from './feedback-state.ts';

/**
 * What the patch should do to the work that it touches, from the paired arms behind it. It is recorded before
 * the merge and held against what happens afterwards. The figures are those of the data that suggested the
 * patch; such figures flatter, and the note says so.
 */
export function predictEffect(recommendations: readonly RecommendationEntry[]): PredictedEffect {
  const arms = recommendations.flatMap(({ evidence }) =>
    evidence.flatMap((item) => (item.arms?.length === 2 && item.arms.every(isPossible) ? [item.arms] : [])),
  );
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
      note: 'A guess of the model that drafted the change, from the records that it has read.',
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

/** What whoever drafted the change expects of it, on top of the figures of the finding behind it. */
function guessOf(
  recommendations: readonly RecommendationEntry[],
): Pick<PredictedEffect, 'baseline' | 'expected' | 'runs'> | undefined {
  const [only, ...others] = recommendations;
  const points = only?.extra?.predicted_difference;
  const figures = only?.evidence.flatMap(({ arms = [] }) => arms.slice(0, 1)).find(({ n }) => n > 0);
  if (others.length > 0 || typeof points !== 'number' || figures === undefined || !isPossible(figures))
    return undefined;
  const baseline = figures.accepted / figures.n;
  return { baseline, expected: Math.min(Math.max(baseline + points, 0), 1), runs: figures.n };
}

/** Figures that people write by hand need not add up. */
function isPossible({ n, accepted }: ArmFigures): boolean {
  return accepted <= n;
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
