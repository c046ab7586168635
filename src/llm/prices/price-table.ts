import { z } from 'zod';
import { type LlmPrice, llmPrice } from '../../contracts/llm-settings.ts';
import type { Settings } from '../../contracts/settings.ts';
import shipped from './prices.json' with { type: 'json' };

/** Price lists, the first that names a model counts. USD per million tokens. */
export type PriceTable = readonly (readonly LlmPrice[])[];

/** The list of the settings, then ours. Listed prices as of November 2026; `effective_from` says since when. */
export function priceTable({ llm }: Pick<Settings, 'llm'>): PriceTable {
  return [llm.prices, z.array(llmPrice).parse(shipped)];
}
