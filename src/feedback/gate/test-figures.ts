import type { PatchTest, ReplayRun } from '../../contracts/patch-test.ts';

/** What a test of a patch came to, without whose it was. */
export type TestFigures = Omit<
  PatchTest,
  'patch_test_id' | 'patch_id' | 'persona_id' | 'from_version' | 'agent' | 'tested_at' | 'extra'
> & { readonly extra?: Readonly<Record<string, number | string>> };

/** The figures of a test that did not come to an end, from whatever was replayed. */
export function untested(reason: string, runs: readonly ReplayRun[]): TestFigures {
  return { ...noPairs, ...spent(runs), verdict: 'not_tested', reason };
}

export const noPairs = {
  pairs: 0,
  wins: 0,
  losses: 0,
  p_value: null,
  difference: null,
  difference_low: null,
  difference_high: null,
} as const;

/** Replays that came to a result; a fault of the infrastructure did not. */
export function counted(runs: readonly ReplayRun[]): ReplayRun[] {
  return runs.filter(({ outcome }) => outcome !== 'error');
}

/** How many replays there were, and what they cost together: null unless all told theirs. */
export function spent(runs: readonly ReplayRun[]): Pick<TestFigures, 'runs' | 'cost_usd'> {
  const all = counted(runs);
  const costs = all.flatMap(({ cost_usd: cost }) => cost ?? []);
  const told = costs.length === all.length && all.length > 0;
  const sum = costs.reduce((total, cost) => total + cost, 0);
  // To a millionth of a dollar: the same whatever the order of the replays.
  return { runs: all.length, cost_usd: told ? Math.round(sum * 1e6) / 1e6 : null };
}
