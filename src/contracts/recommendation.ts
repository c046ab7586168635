import { z } from 'zod';
import { delta } from './delta.ts';
import { count, extra, instant, kebab, line, name, prose } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';

/** One arm of a comparison: how often it succeeded and what that cost. */
export const armFigures = z.strictObject({
  arm: name,
  n: count,
  accepted: count,
  cost_usd: z.number().min(0).nullable(),
});
export type ArmFigures = z.infer<typeof armFigures>;

/** A statement, the records that it rests on, and the test behind it. */
export const evidence = z.strictObject({
  statement: line,
  record_ids: z.array(idSchema).max(1_000).default([]),
  domain: name.nullable().optional(),
  arms: z.array(armFigures).max(20).optional(),
  test: line.optional().describe('Name of the test, such as "paired sign test, one-sided".'),
  wins: count.optional(),
  losses: count.optional(),
  p_value: z.number().min(0).max(1).optional(),
  p_adjusted: z.number().min(0).max(1).optional(),
});
export type Evidence = z.infer<typeof evidence>;

/** A finding that asks for a change. */
export const recommendation = defineKind({
  name: 'recommendation',
  summary: 'A finding that asks for a change, with the records that support it.',
  schemaVersion: 1,
  idField: 'recommendation_id',
  bodyField: 'rationale',
  fields: z.strictObject({
    recommendation_id: idSchema.optional(),
    recommendation_type: z
      .enum(['routing', 'retire_bullet', 'playbook', 'persona', 'investigate'])
      .describe('What sort of change it asks for.'),
    target_system: name.default('personas').describe('What it wants changed.'),
    target_persona: kebab.optional().describe('The persona that it is about.'),
    priority: z.enum(['low', 'medium', 'high', 'critical']).describe('How urgent it is.'),
    title: line.describe('The finding in one line.'),
    evidence: z
      .array(evidence)
      .min(1)
      .max(50)
      .describe('Statements, the records behind them, and how they were tested.'),
    suggested_change: z
      .strictObject({ text: prose.optional(), deltas: z.array(delta).min(1).max(3).optional() })
      .optional()
      .describe('Deltas can be applied by code; text alone waits for a model or a person.'),
    rationale: prose.optional(),
    emitted_at: instant.optional(),
    extra: extra.optional(),
  }),
});
export type Recommendation = z.infer<typeof recommendation.fields>;
