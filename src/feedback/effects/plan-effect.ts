import type { EffectDecision, EffectMeasurement } from '../../contracts/effect.ts';
import type { Settings } from '../../contracts/settings.ts';
import { percent } from '../finding.ts';
import type { EffectFigures } from './effect-figures.ts';
import type { EffectScope } from './effect-scope.ts';
import type { VersionPair } from './effect-standing.ts';
import { sayScope } from './say-scope.ts';

/** How a measurement goes on, or ends. The reason is a sentence with the figures in it. */
export type PlannedEffect =
  | { readonly state: EffectMeasurement['state']; readonly reason: string }
  | { readonly decision: EffectDecision['decision']; readonly reason: string };

export interface EffectFacts {
  readonly figures: EffectFigures;
  readonly versions: VersionPair;
  /** The runs that count, where those are not all. */
  readonly scope?: EffectScope;
  /** Since the merge was recorded. */
  readonly days: number;
  /** An alert stands already: it is not taken back by later runs. */
  readonly alerted: boolean;
}

/**
 * What follows from the figures. Only versions that were at work side by side can be promoted or taken back: a
 * comparison with the past cannot tell a worse version from harder times. Pure.
 */
export function planEffect(facts: EffectFacts, settings: Settings['effects']): PlannedEffect {
  const { figures, versions, days } = facts;
  const { control, treatment, method, harm, benefit, highestHarm } = figures;
  const compared = compare(facts);
  const at = (evidence: number, needed: number) => `evidence ${shown(evidence)}, and ${needed} is enough`;
  if (method === 'concurrent' && harm >= settings.roll_back_at)
    return {
      decision: 'roll_back',
      reason: `${versions.treatment} does harm: ${compared}; ${at(harm, settings.roll_back_at)}`,
    };
  if (method === 'concurrent' && benefit >= settings.promote_at)
    return {
      decision: 'promote',
      reason: `${versions.treatment} is better: ${compared}; ${at(benefit, settings.promote_at)}`,
    };
  const runs = control.runs + treatment.runs;
  const over =
    runs >= settings.max_runs
      ? `${runs} runs`
      : days >= settings.max_days
        ? `${Math.floor(days)} days`
        : undefined;
  if (over !== undefined)
    return { decision: 'inconclusive', reason: `nothing is shown after ${over}: ${compared}` };
  if (facts.alerted || highestHarm >= settings.alert_at)
    return { state: 'alert', reason: `${versions.treatment} may do harm: ${compared}` };
  return { state: 'measuring', reason: compared };
}

function compare({ figures, versions, scope }: EffectFacts): string {
  const where = scope === undefined ? undefined : sayScope(scope);
  const arms = `${sayArm(versions.treatment, figures.treatment)}, ${sayArm(versions.control, figures.control)}`;
  return where === undefined ? arms : `${arms}, ${where}`;
}

function sayArm(version: string, { runs, accepted }: EffectFigures['control']): string {
  if (runs === 0) return `no run under ${version}`;
  return `${accepted} of ${runs} runs accepted under ${version} (${percent(accepted, runs)})`;
}

function shown(evidence: number): string {
  return evidence >= 100 ? evidence.toFixed(0) : evidence.toFixed(1);
}
