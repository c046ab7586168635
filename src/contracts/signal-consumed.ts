import { z } from 'zod';
import { extra, instant, line, name, prose } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';

/** Somebody has looked at a research signal and said what came of it. */
export const signalConsumed = defineKind({
  name: 'signal_consumed',
  summary: 'Somebody has looked at a research signal, and says what came of it.',
  schemaVersion: 1,
  idField: 'signal_consumed_id',
  bodyField: 'reason',
  fields: z.strictObject({
    signal_consumed_id: idSchema.optional(),
    signal_id: idSchema.describe('The research signal.'),
    consumed_by: name.describe('Who looked at it: a controller, a persona, a person.'),
    use: z
      .enum(['priority_raised', 'priority_lowered', 'recommendation', 'idea', 'none'])
      .describe('What came of it; none when it was read and set aside.'),
    ref: line.optional().describe('The id of what it led to: a recommendation, a thought, an item.'),
    reason: prose.optional(),
    consumed_at: instant.describe('When, UTC.'),
    extra: extra.optional(),
  }),
});
export type SignalConsumed = z.infer<typeof signalConsumed.fields>;
