import { z } from 'zod';
import { count, instant, line, name } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';

/** What one pass did. A pass that changed nothing leaves no record. */
export const pass = defineKind({
  name: 'pass',
  summary: 'What one pass of the runner did. A pass that changed nothing leaves no record.',
  schemaVersion: 1,
  idField: 'pass_id',
  fields: z.strictObject({
    pass_id: idSchema.optional(),
    runner: line,
    started_at: instant,
    duration_ms: count,
    accepted: z.record(name, count),
    unchanged: count.describe('Contracts that were already in the history.'),
    rejected: count,
    findings: count,
    proposals: z
      .array(z.strictObject({ proposal_id: line, result: name, detail: line.optional() }))
      .max(1_000),
  }),
});
export type Pass = z.infer<typeof pass.fields>;

/** One run of the analysis: what it looked at and what came out, so that silence is explained. */
export const analysisRun = defineKind({
  name: 'analysis_run',
  summary: 'One run of the analysis: what it looked at, and how much it found, watches and cannot judge.',
  schemaVersion: 1,
  idField: 'analysis_id',
  fields: z.strictObject({
    analysis_id: idSchema.optional(),
    input: name.describe('Git object id of state/outcome that was analysed.'),
    window_start: instant.nullable(),
    window_end: instant.nullable(),
    outcomes: count,
    comparisons: count,
    findings: count,
    watch: count,
    not_enough_data: count,
    false_discovery_rate: z.number().min(0).max(1),
  }),
});
export type AnalysisRun = z.infer<typeof analysisRun.fields>;
