import { z } from 'zod';
import { delta } from './delta.ts';
import { amount, count, extra, instant, kebab, line, name, prose, semver, share } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';
import { evidence } from './recommendation.ts';

/** What the patch should change, said before it is merged, so that it can be held against it. */
export const predictedEffect = z.strictObject({
  metric: name,
  baseline: share.nullable(),
  expected: share.nullable(),
  cost_per_run_before: amount.nullable().default(null),
  cost_per_run_after: amount.nullable().default(null),
  runs: count.describe('How many recorded runs the prediction rests on.'),
  measured_by: line,
  note: prose.optional(),
});
export type PredictedEffect = z.infer<typeof predictedEffect>;

/** A proposed change of one persona: at most three deltas on one component. */
export const patch = defineKind({
  name: 'patch',
  summary: 'A proposed change of one persona: at most three deltas on one component.',
  schemaVersion: 1,
  idField: 'patch_id',
  bodyField: 'rationale',
  fields: z.strictObject({
    patch_id: idSchema.optional(),
    persona_id: kebab,
    from_version: semver.describe('The version of the persona that it was made for.'),
    to_version: semver.describe('The version that it makes.'),
    component: name.describe('The one part of the persona that it changes, such as routing.'),
    deltas: z.array(delta).min(1).max(3).describe('The changes themselves.'),
    rationale: prose,
    evidence: z.array(evidence).max(50).default([]).describe('What the change rests on.'),
    recommendation_ids: z
      .array(idSchema)
      .max(50)
      .default([])
      .describe('The recommendations that it carries.'),
    predicted_effect: predictedEffect.describe(
      'Said before the merge, to be held against what happens after it.',
    ),
    reverts: idSchema.optional().describe('The patch that this one takes back, because it did harm.'),
    schema_valid: z.boolean().describe('Whether the persona file fits its schema after the patch.'),
    emitted_at: instant.optional(),
    extra: extra.optional(),
  }),
});
export type Patch = z.infer<typeof patch.fields>;

/** The deciding answer to a patch. Status is derived from it, never stored on the patch. */
export const patchDecision = defineKind({
  name: 'patch_decision',
  summary: 'Says whether a patch was applied or rejected, by whom and why. The latest one of a patch holds.',
  schemaVersion: 1,
  bodyField: 'reason',
  fields: z.strictObject({
    patch_id: idSchema.describe('The patch that was decided on.'),
    proposal_id: line.describe('The proposal that it was decided on, by its branch.'),
    decision: z
      .enum(['applied', 'rejected', 'reconsidered'])
      .describe('Applied: the base branch has the change. Reconsidered: a refusal was taken back.'),
    decided_by: line.describe('The person who merged, closed or reopened it.'),
    reason: prose.optional(),
    commit_hash: name.optional(),
    decided_at: instant.describe('When, UTC.'),
    extra: extra.optional(),
  }),
});
export type PatchDecision = z.infer<typeof patchDecision.fields>;
