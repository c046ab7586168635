import { z } from 'zod';
import { amount, count, extra, instant, kebab, line, semver } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';
import { difference } from './patch-test.ts';

/** What has been seen of a merged patch so far. */
const figures = {
  patch_id: idSchema.describe('The merged patch.'),
  persona_id: kebab,
  control_version: semver.describe('The version before the merge.'),
  treatment_version: semver.describe('The version that the merge made.'),
  method: z
    .enum(['concurrent', 'fixed_history'])
    .describe('concurrent: both versions at work at the same time; fixed_history can only raise an alert.'),
  control_runs: count.describe('Runs of the old version since the merge.'),
  control_accepted: count.describe('How many of them succeeded.'),
  treatment_runs: count.describe('Runs of the new version since the merge.'),
  treatment_accepted: count.describe('How many of them succeeded.'),
  blocks: count.describe('Pairs of one run each that the test has seen.'),
  difference: difference.nullable().default(null).describe('Success of the new less that of the old.'),
  difference_low: difference.nullable().default(null).describe('Lower bound of its 90 % interval.'),
  difference_high: difference.nullable().default(null).describe('Upper bound of its 90 % interval.'),
  evidence_harm: amount.describe('E-value that the new version is worse; 20 rolls back.'),
  evidence_benefit: amount.describe('E-value that the new version is better; 20 promotes.'),
};

/** How far the measurement of a merged patch has come. */
export const effectMeasurement = defineKind({
  name: 'effect_measurement',
  summary: 'How far the measurement of a merged patch has come.',
  schemaVersion: 1,
  idField: 'effect_measurement_id',
  fields: z.strictObject({
    effect_measurement_id: idSchema.optional(),
    ...figures,
    state: z.enum(['measuring', 'alert']).describe('alert: it looks harmful, and a person should look.'),
    measured_at: instant.describe('When, UTC.'),
    extra: extra.optional(),
  }),
});
export type EffectMeasurement = z.infer<typeof effectMeasurement.fields>;

/** What the measurement of a merged patch came to. There is one for each patch. */
export const effectDecision = defineKind({
  name: 'effect_decision',
  summary: 'What the measurement of a merged patch came to.',
  schemaVersion: 1,
  idField: 'effect_decision_id',
  fields: z.strictObject({
    effect_decision_id: idSchema.optional(),
    ...figures,
    decision: z
      .enum(['promote', 'roll_back', 'inconclusive', 'superseded'])
      .describe('superseded: another change of the persona made the comparison meaningless.'),
    reason: line.describe('The decision in a sentence.'),
    predicted_difference: difference.nullable().default(null).describe('What the patch had promised.'),
    decided_at: instant.describe('When, UTC.'),
    extra: extra.optional(),
  }),
});
export type EffectDecision = z.infer<typeof effectDecision.fields>;
