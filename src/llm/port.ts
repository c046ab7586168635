import type { LlmCall } from '../contracts/llm-call.ts';
import type { Tier } from '../contracts/llm-settings.ts';
import type { PassContext } from '../ledger/controller.ts';
import type { LlmAdapter, Question } from './adapters/adapter.ts';
import type { Budget } from './budgets/budget.ts';
import type { ReadyTier, TierPlan } from './plan-tier.ts';
import type { PriceTable } from './prices/price-table.ts';

/** What the parts of the port share. */
export interface Port {
  readonly context: PassContext;
  readonly budget: Budget;
  readonly prices: PriceTable;
  readonly signal: AbortSignal;
  /** Providers that took more than was reserved, and why they are not asked again in this pass. */
  readonly overspenders: Map<string, string>;
  /** Batches that this pass has looked at although nobody asked for their answers. */
  readonly seenBatches: Set<string>;
  planOf(tier: Tier): TierPlan;
  adapterOf(plan: ReadyTier): Promise<LlmAdapter>;
  /** Told of every answer, when it is on record. */
  onCall?(call: LlmCall): void;
}

/** A question and what it is for; the adapter of recorded replies goes by the latter, too. */
export interface Asked extends Question {
  readonly purpose: string;
}
