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
    from_version: semver,
    to_version: semver,
    component: name,
    deltas: z.array(delta).min(1).max(3),
    rationale: prose,
    evidence: z.array(evidence).max(50).default([]),
    recommendation_ids: z.array(idSchema).max(50).default([]),
    predicted_effect: predictedEffect,
    schema_valid: z.boolean(),
    emitted_at: instant.optional(),
    extra: extra.optional(),
  }),
});
export type Patch = z.infer<typeof patch.fields>;

/** The deciding answer to a patch. Status is derived from it, never stored on the patch. */
export const patchDecision = defineKind({
  name: 'patch_decision',
  summary: 'Says whether a patch was applied or rejected, by whom and why.',
  schemaVersion: 1,
  bodyField: 'reason',
  fields: z.strictObject({
    patch_id: idSchema,
    proposal_id: line,
    decision: z.enum(['applied', 'rejected']),
    decided_by: line,
    reason: prose.optional(),
    commit_hash: name.optional(),
    decided_at: instant,
    extra: extra.optional(),
  }),
});
export type PatchDecision = z.infer<typeof patchDecision.fields>;
