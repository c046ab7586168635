import type { Workspace } from '../../ledger/workspace.ts';
import { type Environment, planTier } from '../../llm/plan-tier.ts';

/** Why no model can be asked about findings and signals. */
export interface NoModel {
  /** False where the settings name none, which is a choice; true where one is named and something is missing. */
  readonly named: boolean;
  readonly reason: string;
  readonly hint: string;
}

/** What is missing before the analyst can ask its model, the brain or else the sub; undefined: nothing. */
export function whyNoModel(
  { settings, clock }: Pick<Workspace, 'settings' | 'clock'>,
  env: Environment = process.env,
): NoModel | undefined {
  const plans = (['brain', 'sub'] as const).map((tier) => planTier(settings, env, tier, clock.now()));
  const bad = plans.flatMap((plan) => (plan.result === 'ready' ? [] : [plan]));
  if (bad.length < plans.length) return undefined;
  const named = bad.filter(({ missing }) => missing !== 'tier');
  if (named.length === 0) return NONE_NAMED;
  const hints = [...new Set(named.map(({ hint }) => hint))];
  return { named: true, reason: named.map(({ reason }) => reason).join('; '), hint: hints.join('; ') };
}

const NONE_NAMED: NoModel = {
  named: false,
  reason: 'no model is set: llm.tiers names neither brain nor sub',
  hint: 'name a model under llm.tiers (brain or sub)',
};
