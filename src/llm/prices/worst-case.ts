import type { LlmPrice } from '../../contracts/llm-settings.ts';
import type { Question } from '../adapters/adapter.ts';

/** What a provider adds of its own to a prompt, tokens: once, and for each message, tool and schema. */
const ADDED = 2_000;
const ADDED_EACH = 100;

/**
 * The most that one attempt can cost, USD: the prompt at its dearest, written into a cache, and the longest answer
 * that is allowed. A token is at least one byte of UTF-8, so the bytes that are sent are never fewer than its
 * tokens. Undefined when the prompt may be longer than any price holds for.
 * @param steps as from `priceSteps`
 */
export function worstCase(
  steps: readonly LlmPrice[],
  question: Question,
  batch: boolean,
): number | undefined {
  const tokens = mostPromptTokens(question);
  const unlimited = steps.findIndex(({ prompt_tokens_max: most }) => most === undefined || tokens <= most);
  if (unlimited === -1) return undefined;
  // A prompt of fewer tokens than bytes may fall into any step up to there.
  const costs = steps.slice(0, unlimited + 1).map((price) => {
    const input = Math.max(price.input, price.cache_write_5m, price.cache_write_1h, price.cache_read);
    return (tokens * input + question.maxOutputTokens * price.output) * (batch ? price.batch_factor : 1);
  });
  return Math.max(...costs) / 1e6;
}

function mostPromptTokens({ system, messages, tools, answerSchema }: Question): number {
  const parts = system.length + messages.length + tools.length;
  const sent = JSON.stringify({ system, messages, tools, answerSchema });
  return Buffer.byteLength(sent, 'utf8') + ADDED + ADDED_EACH * (parts + 1);
}
