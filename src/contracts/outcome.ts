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
    model: name.optional(),
    domain: name.optional().describe('Where the work lies: a repository, a language, a market.'),
    outcome: z
      .enum(['accepted', 'rejected', 'failed', 'error'])
      .describe('accepted counts as success; error is a fault of the infrastructure and counts for nobody.'),
    overall_score: z.number().min(0).max(100).optional(),
    cost_usd: amount.optional(),
    tokens: count.optional(),
    api_calls: count.optional(),
    duration_seconds: amount.optional(),
    paired_key: name.optional().describe('The same key tried by several arms makes a paired comparison.'),
    session_id: name.optional(),
    prompt_hash: name.optional(),
    branch_name: line.optional(),
    commit_hash: name.optional(),
    smoke_test_pass: z.boolean().optional(),
    transcript: line.optional().describe('Path of the transcript in the workspace.'),
    bullets_helpful: z.array(name).max(50).optional().describe('Playbook bullets that helped in this work.'),
    bullets_harmful: z.array(name).max(50).optional().describe('Playbook bullets that misled in this work.'),
    notes: prose.optional(),
    emitted_at: instant.optional(),
    extra: extra.optional(),
  }),
});
export type Outcome = z.infer<typeof outcome.fields>;
