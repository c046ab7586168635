import type { BudgetAnswer } from './budgets/budget.ts';
import type { Port } from './port.ts';

/** Why a provider is not asked again in this pass that has taken more than was reserved; undefined when it has not. */
export function overspent(
  { overspenders }: Pick<Port, 'overspenders'>,
  name: string,
): Extract<BudgetAnswer, { result: 'refused' }> | undefined {
  const reason = overspenders.get(name);
  if (reason === undefined) return undefined;
  const hint = `${name} is not asked again in this pass; raise its call_usd under llm.providers, or make it keep to its limit`;
  return { result: 'refused', reason, hint };
}
