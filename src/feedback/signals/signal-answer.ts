import { z } from 'zod';

/** What a model says of one research signal that it was shown. */
export const signalAnswer = z.strictObject({
  signal_id: z.string().max(200),
  use: z.enum(['priority_raised', 'priority_lowered', 'idea', 'none']),
  reason: z.string().trim().min(1).max(1_000),
  idea_text: z.string().trim().max(4_000).nullish().describe('The wish in plain words, for use "idea".'),
  recommendation_id: z.string().max(200).nullish().describe('Whose priority it raises or lowers.'),
});
export type SignalAnswer = z.infer<typeof signalAnswer>;
