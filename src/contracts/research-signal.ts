import { z } from 'zod';
import { extra, instant, line, name, prose } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';

/** Something that a research agent noticed outside. */
export const researchSignal = defineKind({
  name: 'research_signal',
  summary: 'Something that a research agent noticed outside.',
  schemaVersion: 1,
  idField: 'signal_id',
  bodyField: 'summary',
  fields: z.strictObject({
    signal_id: idSchema.optional(),
    source: name.describe('Who noticed it, such as the research agent.'),
    relevance: z.enum(['low', 'medium', 'high']),
    domain: name,
    title: line,
    summary: prose.optional(),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .optional(),
    tags: z.array(name).max(50).optional(),
    emitted_at: instant.optional(),
    extra: extra.optional(),
  }),
});
export type ResearchSignal = z.infer<typeof researchSignal.fields>;
