import { z } from 'zod';
import { kebab } from '../../contracts/fields.ts';
import { idSchema } from '../../contracts/ids.ts';
import { signalAnswer } from '../signals/signal-answer.ts';

const sentence = z.string().trim().min(1).max(1_000);
const recordIds = z.array(idSchema).min(1).max(100).describe('Ids of records that were shown.');

const bulletChange = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('add_bullet'),
    id: kebab.describe('A new id, lower case words joined by "-".'),
    section: z.string().trim().min(1).max(100),
    text: sentence,
    record_ids: recordIds,
  }),
  z.strictObject({ op: z.literal('update_bullet'), id: kebab, text: sentence, record_ids: recordIds }),
  z.strictObject({ op: z.literal('remove_bullet'), id: kebab, why: sentence, record_ids: recordIds }),
]);

/** What a model is asked for when it explains a finding. Everything in it is checked further before it counts. */
export const draftAnswer = z.strictObject({
  persona_id: z.string().max(200).nullable().describe('The persona that the finding is about.'),
  causes: z
    .array(
      z.strictObject({
        statement: sentence,
        record_ids: recordIds,
        quotes: z
          .array(z.strictObject({ record_id: z.string().max(200), text: z.string().max(2_000) }))
          .max(20)
          .describe('Word for word from the record.'),
      }),
    )
    .max(10)
    .describe('Empty when the records show no cause.'),
  bullets: z.array(bulletChange).max(3).describe('Changes of the playbook; empty when none would help.'),
  predicted_difference: z
    .number()
    .min(-1)
    .max(1)
    .nullish()
    .describe(
      'Expected change of the share of accepted work over all work of the persona, not only the work that the change touches; such as 0.01.',
    ),
  signals: z.array(signalAnswer.omit({ recommendation_id: true })).max(50),
});
export type DraftAnswer = z.infer<typeof draftAnswer>;
