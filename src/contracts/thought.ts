import { z } from 'zod';
import { extra, instant, name, prose } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';

/** A wish in plain words: it becomes an item of work with one slot for each variant. */
export const thought = defineKind({
  name: 'thought',
  summary: 'A wish in plain words. It becomes an item of work with one slot for each variant.',
  schemaVersion: 1,
  idField: 'thought_id',
  bodyField: 'text',
  fields: z.strictObject({
    thought_id: idSchema.max(60).optional(),
    text: prose.describe('What is wanted. Data for the agent, never a template.'),
    category: name.optional().describe('What sort of thing it is about; preferences are kept for each.'),
    constitution_path: z
      .string()
      .regex(/^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[^\p{Cc}]{1,500}$/u, 'expected a path in the repository')
      .optional()
      .describe('Rules that the work must follow, as a path in the repository.'),
    priority: z.int().min(-1_000).max(1_000).optional().describe('Higher goes first; default 0.'),
    model: name.optional().describe('The model to use; default: the route of the persona.'),
    emitted_at: instant.optional(),
    extra: extra.optional(),
  }),
});
export type Thought = z.infer<typeof thought.fields>;
