import { settings } from '../../src/contracts/settings.ts';
import { effectFigures } from '../../src/feedback/effects/effect-figures.ts';
import { planEffect } from '../../src/feedback/effects/plan-effect.ts';
import type { EffectRun } from '../../src/feedback/read-effect-runs.ts';
import type { PastRuns } from '../../src/feedback/statistics/effect-process.ts';

/** After how many runs, both versions together, the upgrade was taken back or kept for good. */
export interface CanaryOutcome {
  readonly rolledBackAt?: number;
  readonly promotedAt?: number;
}

const usual = settings.parse({}).effects;
const versions = { control: '1.0.0', treatment: '1.1.0' };

/** What the product makes of these runs, which came in this order, with its default settings. */
export function decideEffect(
  past: PastRuns,
  runs: readonly EffectRun[],
  changed: Partial<typeof usual> = {},
): CanaryOutcome {
  const effects = { ...usual, ...changed };
  const figures = effectFigures({ runs, past, recent: runs.length }, 'concurrent', effects);
  const planned = planEffect({ figures, versions, days: 0, alerted: false }, effects);
  if (!('decision' in planned)) return {};
  const at = arrivalOf(runs, figures.blocks);
  if (planned.decision === 'roll_back') return { rolledBackAt: at };
  return planned.decision === 'promote' ? { promotedAt: at } : {};
}

/** How many runs there were when both versions had the last one that was looked at. */
function arrivalOf(runs: readonly EffectRun[], blocks: number): number {
  const arms = { control: 0, treatment: 0 };
  const found = runs.findIndex(({ treatment }) => {
    arms[treatment ? 'treatment' : 'control'] += 1;
    return Math.min(arms.control, arms.treatment) === blocks;
  });
  return found + 1;
}
