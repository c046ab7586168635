import { z } from 'zod';
import { amount, count, extra, instant, line, name, prose, semver } from './fields.ts';
import { defineKind } from './kind.ts';

/** What became of one piece of work that an agent did under a persona. */
export const outcome = defineKind({
  name: 'outcome',
  summary: 'What became of one piece of work that an agent did under a persona.',
  schemaVersion: 1,
  bodyField: 'notes',
  fields: z.strictObject({
    idea_id: name.describe('The piece of work: an idea, an issue, a task.'),
    persona_id: name.optional(),
    persona_version: semver.optional(),
    model: name.optional().describe('The model that did the work.'),
    domain: name.optional().describe('Where the work lies: a repository, a language, a market.'),
    outcome: z
      .enum(['accepted', 'rejected', 'failed', 'error'])
      .describe('accepted counts as success; error is a fault of the infrastructure and counts for nobody.'),
    overall_score: z.number().min(0).max(100).optional().describe('0 to 100, by whoever judged the work.'),
    cost_usd: amount.optional().describe('What the work cost, USD.'),
    tokens: count.optional().describe('Tokens read and written, all calls together.'),
    api_calls: count.optional().describe('How often a model was asked.'),
    duration_seconds: amount.optional().describe('How long the work took, seconds.'),
    paired_key: name.optional().describe('The same key tried by several arms makes a paired comparison.'),
    session_id: name.optional(),
    prompt_hash: name.optional(),
    branch_name: line.optional().describe('The branch that holds the work.'),
    commit_hash: name.optional(),
    smoke_test_pass: z
      .boolean()
      .optional()
      .describe('Whether the result passed its test; none where no test ran.'),
    transcript: line.optional().describe('Path of the transcript in the workspace.'),
    bullets_helpful: z.array(name).max(50).optional().describe('Playbook bullets that helped in this work.'),
    bullets_harmful: z.array(name).max(50).optional().describe('Playbook bullets that misled in this work.'),
    notes: prose.optional().describe('Prose about what happened.'),
    emitted_at: instant.optional(),
    extra: extra.optional(),
  }),
});
export type Outcome = z.infer<typeof outcome.fields>;
