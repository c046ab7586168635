import { z } from 'zod';
import { amount, count, extra, instant, line, name, semver } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';
import { tier } from './llm-settings.ts';

/** One call of a language model: who asked whom for what, and what it took. */
export const llmCall = defineKind({
  name: 'llm_call',
  summary: 'One call of a language model: who asked whom for what, and what it took.',
  schemaVersion: 1,
  idField: 'llm_call_id',
  fields: z.strictObject({
    llm_call_id: idSchema.optional(),
    tier: tier.describe('What sort of model was asked for; settings say which it is.'),
    provider: name.describe('Who answered, such as anthropic, or the agent command that stood in.'),
    model: name.describe('The model that answered, as its provider names it.'),
    persona_id: name.optional(),
    persona_version: semver.optional(),
    purpose: name.optional().describe('What the answer was for, such as reflect or review.'),
    session_id: name.optional(),
    prompt_hash: name.optional(),
    input_tokens: count.describe('Tokens read, without those that came from a cache or went into one.'),
    output_tokens: count.describe('Tokens written.'),
    cache_read_tokens: count.optional().describe('Tokens of the prompt that the provider had kept.'),
    cache_write_tokens: count.optional().describe('Tokens of the prompt that the provider was told to keep.'),
    cost_usd: amount
      .nullable()
      .default(null)
      .describe('By the price table of that day; null for a model without a price.'),
    price_from: instant.optional().describe('Since when the price holds that the cost was made with.'),
    attempts: count.optional().describe('How often the provider was asked for this one answer.'),
    batch: z.boolean().optional().describe('true when it was answered in a batch, at the price of batches.'),
    latency_ms: count.describe('From the question to the last word of the answer, retries included.'),
    outcome: z
      .enum(['ok', 'refused', 'invalid', 'failed'])
      .describe(
        'refused by the model; invalid when the answer did not fit the schema; failed when none came.',
      ),
    error: line.optional().describe('What went wrong, in one line.'),
    emitted_at: instant.optional(),
    extra: extra.optional(),
  }),
});
export type LlmCall = z.infer<typeof llmCall.fields>;
