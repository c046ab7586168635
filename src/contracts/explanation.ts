import { z } from 'zod';
import { count, extra, instant, kebab, line, name, prose } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';

/** A cause that a model sees, tied to the records that show it. Every quote was found in its record. */
export const cause = z.strictObject({
  statement: line,
  record_ids: z.array(idSchema).min(1).max(100),
  quotes: z
    .array(z.strictObject({ record_id: idSchema, text: prose }))
    .max(20)
    .default([]),
});
export type Cause = z.infer<typeof cause>;

/** Why a finding is as it is, as far as a model could tell from the records. */
export const explanation = defineKind({
  name: 'explanation',
  summary: 'Why a finding is as it is, as far as a model could tell from the records behind it.',
  schemaVersion: 1,
  idField: 'explanation_id',
  fields: z.strictObject({
    explanation_id: idSchema.optional(),
    recommendation_id: idSchema.describe('The finding that is explained.'),
    persona_id: kebab.optional(),
    state: z
      .enum(['drafted', 'nothing', 'failed'])
      .describe('nothing: the model saw no cause; failed: no draft of it could be used.'),
    causes: z.array(cause).max(10).default([]).describe('What it sees, and in which records.'),
    recommendation_ids: z
      .array(idSchema)
      .max(10)
      .default([])
      .describe('Recommendations with deltas that came of it.'),
    records_read: count.describe('Records that the model was shown.'),
    transcripts_read: count.default(0).describe('Transcripts that it was shown.'),
    quotes_dropped: count.default(0).describe('Quotes that were not in their record and were left out.'),
    signal_ids: z.array(idSchema).max(50).default([]).describe('Research signals that took part.'),
    llm_call_ids: z.array(idSchema).max(20).default([]).describe('The calls behind it.'),
    prompt_hash: name.optional(),
    error: line.optional().describe('Why it failed.'),
    explained_at: instant.describe('When, UTC.'),
    extra: extra.optional(),
  }),
});
export type Explanation = z.infer<typeof explanation.fields>;
