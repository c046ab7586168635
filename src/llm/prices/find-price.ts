import type { LlmPrice } from '../../contracts/llm-settings.ts';
import type { PriceTable } from './price-table.ts';

/** The price of a prompt of so many tokens; undefined when none is known. A price is never guessed. */
export function findPrice(
  table: PriceTable,
  model: string,
  at: Date,
  promptTokens: number,
): LlmPrice | undefined {
  return priceSteps(table, model, at).find(
    ({ prompt_tokens_max: most = Number.POSITIVE_INFINITY }) => promptTokens <= most,
  );
}

/**
 * The rows that hold for a model at a time, by the size of the prompt, the smallest first: of the first list that
 * names it, those with its full name, or else with the longest pattern, and of these the newest.
 */
export function priceSteps(table: PriceTable, model: string, at: Date): LlmPrice[] {
  for (const list of table) {
    const inForce = list.filter((price) => Date.parse(price.effective_from) <= at.getTime());
    const closest = best(
      inForce.filter(({ model: pattern }) => closeness(pattern, model) > 0),
      ({ model: pattern }) => closeness(pattern, model),
    );
    const newest = best(closest, ({ effective_from: from }) => Date.parse(from));
    if (newest.length > 0) return newest.toSorted((a, b) => most(a) - most(b));
  }
  return [];
}

/** How closely a name or a pattern describes a model; 0: not at all. A date at the end names the same model. */
function closeness(pattern: string, model: string): number {
  if (pattern === model) return Number.POSITIVE_INFINITY;
  if (pattern === model.replace(/-\d{8}$/, '')) return Number.MAX_VALUE;
  const start = pattern.slice(0, -1);
  return pattern.endsWith('*') && model.startsWith(start) ? 1 + start.length : 0;
}

function best(prices: readonly LlmPrice[], rank: (price: LlmPrice) => number): LlmPrice[] {
  const highest = prices.reduce((top, price) => Math.max(top, rank(price)), Number.NEGATIVE_INFINITY);
  return prices.filter((price) => rank(price) === highest);
}

function most({ prompt_tokens_max: tokens = Number.POSITIVE_INFINITY }: LlmPrice): number {
  return tokens;
}
