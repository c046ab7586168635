import type { Tier } from '../../contracts/llm-settings.ts';
import type { Llm } from '../../llm/llm.ts';

/** What sort of model the analyst asks: the brain, else the sub. Undefined where neither can be asked. */
export function analystTier(llm: Pick<Llm, 'problemOf'>): Tier | undefined {
  return (['brain', 'sub'] as const).find((tier) => llm.problemOf(tier) === undefined);
}
