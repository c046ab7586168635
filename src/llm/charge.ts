import type { Answer, Usage } from './adapters/adapter.ts';
import type { ReadyTier } from './plan-tier.ts';
import { costOf, promptTokens } from './prices/cost-of.ts';
import { findPrice } from './prices/find-price.ts';
import type { PriceTable } from './prices/price-table.ts';

/** What one attempt took. */
export interface Charge {
  readonly usage: Usage;
  /** USD; null when nobody knows: the budget then counts the worst case. */
  readonly costUsd: number | null;
  /** Since when the price holds that the cost was made with. */
  readonly priceFrom?: string;
  /** The model that answered, when no price is known for it. */
  readonly unpriced?: string;
}

export const noUsage: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

/** What an answer cost: as the provider says, or by the price list of the time at which it was asked. */
export function chargeOf(
  answer: Answer,
  { pricing, model: asked }: Pick<ReadyTier, 'pricing' | 'model'>,
  prices: PriceTable,
  at: Date,
  batch = false,
): Charge {
  if (answer.result === 'fault' && answer.spent === 'nothing') return { usage: noUsage, costUsd: 0 };
  const usage = reportedUsage(answer);
  if (usage === undefined) return { usage: noUsage, costUsd: null };
  if (pricing === 'free') return { usage, costUsd: 0 };
  const said = answer.costUsd;
  if (said !== undefined && Number.isFinite(said) && said >= 0) return { usage, costUsd: said };
  if (pricing === 'call') return { usage, costUsd: null };
  const model = answer.result === 'answered' ? answer.model : asked;
  const price = findPrice(prices, model, at, promptTokens(usage));
  if (price === undefined) return { usage, costUsd: null, unpriced: model };
  return { usage, costUsd: costOf(price, usage, batch), priceFrom: price.effective_from };
}

/** A count that is none would poison every sum that it goes into. */
function reportedUsage(answer: Answer): Usage | undefined {
  const usage = answer.result === 'fault' ? answer.spent : answer.usage;
  if (typeof usage === 'string') return undefined;
  const sane = Object.values(usage).every((tokens) => Number.isSafeInteger(tokens) && tokens >= 0);
  return sane ? usage : undefined;
}

/** Attempts at the same answer, as one. */
export function addCharges(a: Charge, b: Charge): Charge {
  const priceFrom = b.priceFrom ?? a.priceFrom;
  const unpriced = b.unpriced ?? a.unpriced;
  return {
    usage: addUsage(a.usage, b.usage),
    costUsd: a.costUsd === null || b.costUsd === null ? null : a.costUsd + b.costUsd,
    ...(priceFrom === undefined ? {} : { priceFrom }),
    ...(unpriced === undefined ? {} : { unpriced }),
  };
}

function addUsage(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
  };
}
