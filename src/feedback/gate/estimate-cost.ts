import type { ReplayRun } from '../../contracts/patch-test.ts';

/** What replays have cost, as far as anybody can tell. */
export interface CostEstimate {
  /** What they told, and for the others what is most likely. USD. */
  readonly usd: number;
  /** Replays that told nothing, and of which nothing is known: they count as nothing. */
  readonly unknown: number;
}

/**
 * Replays of agents that tell no cost count at the mean of the others: those of the same arm, which has the same
 * model, else all; where not one told its cost, at what a past run of the persona cost, which was written down
 * when they began. A fault of the infrastructure may have cost money, too. Pure.
 */
export function estimateCost(runs: readonly ReplayRun[]): CostEstimate {
  const all = mean(runs);
  const arms = {
    old: mean(runs.filter(({ arm }) => arm === 'old')) ?? all,
    new: mean(runs.filter(({ arm }) => arm === 'new')) ?? all,
  };
  const costs = runs.map((run) => run.cost_usd ?? arms[run.arm] ?? expectedOf(run));
  const known = costs.flatMap((cost) => cost ?? []);
  return { usd: known.reduce((sum, cost) => sum + cost, 0), unknown: costs.length - known.length };
}

function mean(runs: readonly ReplayRun[]): number | undefined {
  const told = runs.flatMap(({ cost_usd: cost }) => cost ?? []);
  return told.length === 0 ? undefined : told.reduce((sum, cost) => sum + cost, 0) / told.length;
}

function expectedOf({ extra }: ReplayRun): number | undefined {
  const expected = extra?.expected_usd;
  return typeof expected === 'number' && expected >= 0 ? expected : undefined;
}
