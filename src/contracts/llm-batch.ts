import { z } from 'zod';
import { count, extra, instant, line, name } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';

/** Requests that a provider answers when it has time, at half the price. Another run may fetch the answers. */
export const llmBatch = defineKind({
  name: 'llm_batch',
  summary: 'Requests that were sent as one batch, and what became of them.',
  schemaVersion: 1,
  idField: 'llm_batch_id',
  fields: z.strictObject({
    llm_batch_id: idSchema.optional(),
    provider: name.describe('Who was asked.'),
    provider_batch_id: name.describe('The name of the batch there.'),
    purpose: name.describe('What the answers are for.'),
    state: z
      .enum(['submitted', 'fetched', 'ended'])
      .describe(
        'What this record says: it was sent; what it cost is on record, and the answers to some requests were taken; nothing is left to take.',
      ),
    request_hashes: z.array(name).min(1).max(10_000).describe('The requests, each by its hash.'),
    taken_hashes: z
      .array(name)
      .max(10_000)
      .optional()
      .describe('Of a batch that was fetched: the requests whose answer was taken now, or that have none.'),
    succeeded: count.optional().describe('Requests that were answered.'),
    errored: count.optional().describe('Requests that the provider could not answer.'),
    canceled: count.optional().describe('Requests that were called back.'),
    expired: count.optional().describe('Requests that the provider did not come to in time.'),
    error: line.optional().describe('What went wrong, in one line.'),
    at: instant.describe('When, UTC.'),
    extra: extra.optional(),
  }),
});
export type LlmBatch = z.infer<typeof llmBatch.fields>;
