import { z } from 'zod';
import { amount, count, extra, instant, kebab, line, name, semver, share } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';

/** A difference of two rates: -1 to 1. */
export const difference = z.number().min(-1).max(1);

/** What is known of a patch before it is offered: the old persona and the patched one on the same tasks. */
export const patchTest = defineKind({
  name: 'patch_test',
  summary: 'What replays said of a patch before it was offered, or why there were none.',
  schemaVersion: 1,
  idField: 'patch_test_id',
  fields: z.strictObject({
    patch_test_id: idSchema.optional(),
    patch_id: idSchema.describe('The patch that was tested.'),
    persona_id: kebab,
    from_version: semver.describe('The version that it was held against.'),
    verdict: z
      .enum(['improved', 'worse', 'no_evidence', 'no_headroom', 'not_tested'])
      .describe('improved and worse by a one-sided sign test; no_headroom when nothing was to be gained.'),
    reason: line.describe('The verdict in a sentence.'),
    pairs: count.describe('Tasks that both versions finished.'),
    wins: count.describe('Tasks that only the patched version solved.'),
    losses: count.describe('Tasks that only the old version solved.'),
    p_value: share.nullable().default(null).describe('Of the sign test behind the verdict.'),
    difference: difference.nullable().default(null).describe('Success of the new less that of the old.'),
    difference_low: difference.nullable().default(null).describe('Lower bound of its 90 % interval.'),
    difference_high: difference.nullable().default(null).describe('Upper bound of its 90 % interval.'),
    headroom: z
      .strictObject({ tasks: count, pass_at_1: share, best_of_3: share })
      .optional()
      .describe('How much better the old version is when it may try three times.'),
    runs: count.describe('Replays that came to a result, all stages together.'),
    cost_usd: amount.nullable().default(null).describe('Of the replays; null unless all told theirs.'),
    agent: line.optional().describe('The command that replayed.'),
    tested_at: instant.describe('When, UTC.'),
    extra: extra.optional(),
  }),
});
export type PatchTest = z.infer<typeof patchTest.fields>;

/** One replay of an archived task. It is no outcome: nobody waited for its result. */
export const replayRun = defineKind({
  name: 'replay_run',
  summary: 'One replay of an archived task, by the old persona or by the patched one.',
  schemaVersion: 1,
  idField: 'replay_run_id',
  fields: z.strictObject({
    replay_run_id: idSchema.optional(),
    patch_id: idSchema.describe('The patch that is being tested.'),
    persona_id: kebab,
    persona_version: semver.optional(),
    task_id: name.describe('The archived task.'),
    stage: z.enum(['headroom', 'gate']).describe('What the replay was for.'),
    arm: z.enum(['old', 'new']).describe('Whether the patch was applied.'),
    attempt: count.describe('Of this task, stage and arm; from 1.'),
    outcome: z
      .enum(['accepted', 'failed', 'error'])
      .describe('error is a fault of the infrastructure and counts for nobody.'),
    model: name.optional().describe('The model that did the work.'),
    cost_usd: amount.optional().describe('What it cost, USD.'),
    tokens: count.optional().describe('Tokens read and written.'),
    duration_seconds: amount.optional().describe('How long it took, seconds.'),
    prompt_hash: name.optional(),
    slot_id: idSchema.optional().describe('The slot of work that did it.'),
    reason: line.optional().describe('Why it failed.'),
    emitted_at: instant.optional(),
    extra: extra.optional(),
  }),
});
export type ReplayRun = z.infer<typeof replayRun.fields>;
