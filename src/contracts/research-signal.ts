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
    relevance: z.enum(['low', 'medium', 'high']).describe('How much it matters, as its source sees it.'),
    domain: name.describe('What it is about.'),
    title: line.describe('The news in one line.'),
    summary: prose.optional().describe('The news in a few sentences.'),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .optional()
      .describe('Where it can be read.'),
    tags: z.array(name).max(50).optional().describe('Words to find it by.'),
    emitted_at: instant.optional(),
    extra: extra.optional(),
  }),
});
export type ResearchSignal = z.infer<typeof researchSignal.fields>;
