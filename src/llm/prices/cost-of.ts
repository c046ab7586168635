import type { LlmPrice } from '../../contracts/llm-settings.ts';
import type { Usage } from '../adapters/adapter.ts';

/** USD. Batches have a price of their own. */
export function costOf(price: LlmPrice, usage: Usage, batch: boolean): number {
  const perMillion =
    usage.input * price.input +
    usage.output * price.output +
    usage.cacheRead * price.cache_read +
    usage.cacheWrite5m * price.cache_write_5m +
    usage.cacheWrite1h * price.cache_write_1h;
  return (perMillion * (batch ? price.batch_factor : 1)) / 1e6;
}

/** Every token of the prompt, wherever it came from: what the steps of a price list go by. */
export function promptTokens({ input, cacheRead, cacheWrite5m, cacheWrite1h }: Usage): number {
  return input + cacheRead + cacheWrite5m + cacheWrite1h;
}
