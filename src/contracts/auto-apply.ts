import { z } from 'zod';
import { extra, instant, kebab, line, name } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';

/** A patch that was merged without a person, because the settings allow it. */
export const autoApply = defineKind({
  name: 'auto_apply',
  summary: 'A patch that was merged without a person, as the settings allow it.',
  schemaVersion: 1,
  idField: 'auto_apply_id',
  fields: z.strictObject({
    auto_apply_id: idSchema.optional(),
    patch_id: idSchema.describe('The patch.'),
    persona_id: kebab,
    proposal_id: line.describe('Its proposal, by its branch.'),
    patch_test_id: idSchema.describe('The test that allowed it.'),
    delta_kinds: z.array(name).min(1).max(3).describe('The sorts of delta that it made.'),
    commit_hash: name.optional().describe('The commit that the base branch was given.'),
    applied_at: instant.describe('When, UTC.'),
    extra: extra.optional(),
  }),
});
export type AutoApply = z.infer<typeof autoApply.fields>;
