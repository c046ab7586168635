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
    runner: line.describe('The machine and the process that ran it.'),
    started_at: instant.describe('When it began, UTC.'),
    duration_ms: count.describe('How long it took, milliseconds.'),
    accepted: z.record(name, count).describe('Contracts that entered the history, by kind.'),
    unchanged: count.describe('Contracts that were already in the history.'),
    rejected: count.describe('Contracts that were refused.'),
    findings: count.describe('Findings of its analysis.'),
    proposals: z
      .array(z.strictObject({ proposal_id: line, result: name, detail: line.optional() }))
      .max(1_000)
      .describe('What became of each proposal.'),
    failures: count.optional().describe('Controllers that could not do their part.'),
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
    input: name.describe(
      'Git object id of state/outcome that was analysed; ":reflect" when half was held back.',
    ),
    window_start: instant.nullable().describe('The oldest time that it looked at, UTC.'),
    window_end: instant.nullable().describe('The newest time that it looked at, UTC.'),
    outcomes: count.describe('Outcomes in the window that count.'),
    comparisons: count.describe('How many tests it made.'),
    findings: count.describe('Recommendations that came of it.'),
    watch: count.describe('What may become a finding with more data.'),
    not_enough_data: count.describe('Groups too small to say anything about.'),
    false_discovery_rate: z
      .number()
      .min(0)
      .max(1)
      .describe('The share of findings that may be chance, 0 to 1.'),
  }),
});
export type AnalysisRun = z.infer<typeof analysisRun.fields>;
