import { chanceOf } from '../../src/feedback/statistics/chance-of.ts';
import type { PastRuns } from '../../src/feedback/statistics/effect-process.ts';
import { addRun, newHistoryProcess } from '../../src/feedback/statistics/history-process.ts';
import { type CanaryWorld, isAccepted, PAST, RUNS } from './canary-worlds.ts';
import { type CanaryOutcome, decideEffect } from './decide-effect.ts';

export interface CanaryRule {
  readonly name: string;
  readonly judge: (world: CanaryWorld, past: PastRuns, random: () => number) => CanaryOutcome;
}

/** What the product does. */
export const PRODUCT = 'Millwright: side by side, by hash';

export const canaryRules: readonly CanaryRule[] = [
  { name: PRODUCT, judge: sideBySide(byHash, {}) },
  // Whoever is told at 10 and acts on it rolls back at 10.
  { name: 'the same, at its alert of 10', judge: sideBySide(byHash, { roll_back_at: 10 }) },
  { name: 'the same, arms in turn', judge: sideBySide((_random, at) => at % 2 === 1, {}) },
  { name: 'alert only: history less 5 points, 20', judge: againstHistory },
  { name: 'plain history mean, 20', judge: againstPlainHistory },
  { name: "the seed's: mean since the merge 5 lower", judge: weeklyMean },
  { name: 'no measurement', judge: () => ({}) },
  { name: 'oracle', judge: knowTheTruth },
];

type Assign = (random: () => number, at: number) => boolean;

/** A hash of the run draws its version: a coin that knows nothing of what comes of it. */
function byHash(random: () => number): boolean {
  return random() < 0.5;
}

function sideBySide(assign: Assign, changed: Parameters<typeof decideEffect>[2]): CanaryRule['judge'] {
  return (world, past, random) => {
    const runs = Array.from({ length: RUNS }, (_, at) => {
      const treatment = assign(random, at);
      return { id: String(at), treatment, accepted: isAccepted(world, random, at, treatment) };
    });
    return decideEffect(past, runs, changed);
  };
}

function knowTheTruth({ effect }: CanaryWorld): CanaryOutcome {
  if (effect === 0) return {};
  return effect < 0 ? { rolledBackAt: 0 } : { promotedAt: 0 };
}

/** All runs are runs of the new version. */
function againstHistory(world: CanaryWorld, past: PastRuns, random: () => number): CanaryOutcome {
  let process = newHistoryProcess(past);
  for (let at = 0; at < RUNS; at += 1) {
    process = addRun(process, isAccepted(world, random, at, true));
    if (process.harm >= 20) return { rolledBackAt: at + 1 };
  }
  return {};
}

/** The same without the margin of five points: what many tools do. */
function againstPlainHistory(world: CanaryWorld, past: PastRuns, random: () => number): CanaryOutcome {
  const mean = past.accepted / past.runs;
  const values = [0.1, 0.2, 0.35].map((loss) => ({ loss, value: 1 }));
  for (let at = 0; at < RUNS; at += 1) {
    const ok = isAccepted(world, random, at, true);
    for (const one of values)
      one.value *= chanceOf(ok, Math.max(0.015, mean - one.loss)) / chanceOf(ok, mean);
    if (values.reduce((sum, { value }) => sum + value, 0) / values.length >= 20)
      return { rolledBackAt: at + 1 };
  }
  return {};
}

/** Once a week, at ten runs a day: is the mean since the merge five points or more below the mean before it? */
function weeklyMean(world: CanaryWorld, past: PastRuns, random: () => number): CanaryOutcome {
  let accepted = 0;
  for (let at = 0; at < RUNS; at += 1) {
    accepted += Number(isAccepted(world, random, at, true));
    const runs = at + 1;
    if (runs % 70 === 0 && past.accepted / past.runs - accepted / runs >= 0.05 - 1e-9)
      return { rolledBackAt: runs };
  }
  return {};
}

/** What was measured before the merge. */
export function playPast(random: () => number): PastRuns {
  let accepted = 0;
  for (let at = 0; at < PAST.runs; at += 1) accepted += Number(random() < PAST.rate);
  return { runs: PAST.runs, accepted };
}
