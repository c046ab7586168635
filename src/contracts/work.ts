import { z } from 'zod';
import { delta } from './delta.ts';
import { count, instant, kebab, line, name, semver } from './fields.ts';
import { idSchema } from './ids.ts';
import { slotEnd } from './slot-event.ts';

/** What a worker says about a slot that it has finished. */
export const slotResult = z.strictObject({
  branch_name: line.optional(),
  commit_hash: name.optional(),
  files_pushed: z.array(line).max(3_000).default([]),
  smoke_test_pass: z.boolean(),
  reason: line.optional().describe('Why it failed.'),
  persona_version: semver.optional(),
  prompt_hash: name.optional(),
  model: name.optional(),
  cost_usd: z.number().min(0).optional(),
  tokens: count.optional(),
  duration_seconds: z.number().min(0).optional(),
  transcript: line.optional(),
});
export type SlotResult = z.infer<typeof slotResult>;

/** `queue/items/<id>.yaml`: a piece of work that is not finished. */
export const workItem = z.strictObject({
  item_id: idSchema,
  kind: name.describe('The kind of contract that it came from.'),
  recipe: name.describe('What splits it into slots and accepts the results.'),
  title: line,
  created_at: instant,
  priority: z.int(),
  slots: z.array(idSchema).min(1).max(1_000),
  ended: z
    .record(idSchema, z.strictObject({ end: slotEnd, token: count }))
    .default({})
    .describe('The slots that have left the queue, and how.'),
  cancelled: z.strictObject({ at: instant, reason: line }).optional(),
});
export type WorkItem = z.infer<typeof workItem>;

/** What a slot replays: an archived task, by a persona as a patch would have it or as it is. */
export const replay = z.strictObject({
  patch_id: idSchema,
  task_id: name,
  stage: z.enum(['headroom', 'gate']),
  arm: z.enum(['old', 'new']),
  attempt: count.min(1),
  deltas: z.array(delta).max(3).default([]).describe('What the patch would change; none for the old arm.'),
  start_at: name.optional().describe('The commit that the task was worked on; default: the base branch.'),
  persona_file: name.optional().describe('The git object of the persona file that the test began with.'),
  expected_usd: z.number().min(0).optional().describe('What a run of this arm is expected to cost.'),
});
export type Replay = z.infer<typeof replay>;

/** `queue/slots/<id>.json`: a part of an item that one worker can do. */
export const workSlot = z.strictObject({
  slot_id: idSchema,
  item_id: idSchema,
  kind: name,
  recipe: name,
  priority: z.int().describe('Higher goes first.'),
  needs: z.array(idSchema).max(100).default([]).describe('Slots of the item that have to be shipped first.'),
  prompt: kebab.describe('Name of the prompt in prompts/.'),
  persona: kebab.describe('Name of the persona in personas/.'),
  model: name.optional(),
  domain: name.optional(),
  label: name.optional().describe('What sets the slot apart from its neighbours, such as a diversity mode.'),
  branch: line.describe('The branch that the result is pushed to.'),
  smoke: line.optional().describe('The command that judges the result.'),
  variables: z.record(name, z.union([z.string(), z.number(), z.boolean()])).default({}),
  lease_seconds: count.min(1).default(300),
  max_attempts: count.min(1).default(5),
  replay: replay.optional(),
  /** Where the numbers of its claims start: a slot that was revived goes on where it was. */
  token: count.default(0),
  created_at: instant,
});
export type WorkSlot = z.infer<typeof workSlot>;

/** `queue/dead/<slot>.json`: a slot that failed too often, and why. */
export const deadLetter = z.strictObject({ slot: workSlot, died_at: instant, attempts: count, reason: line });
export type DeadLetter = z.infer<typeof deadLetter>;

/** `queue/claims/<slot>.json`: the lock file in a slot's own cell. What it says is the truth about the slot. */
export const claim = z.strictObject({
  slot_id: idSchema,
  item_id: idSchema,
  state: z.enum(['claimed', 'released', ...slotEnd.options]),
  worker_id: name,
  token: count.min(1),
  nonce: name.describe('Random, for each claim: only who knows it holds the claim.'),
  claimed_at: instant,
  renewed_at: instant,
  clock: z.enum(['server', 'local']).describe('Whose clock the two times are of.'),
  lease_seconds: count.min(1),
  host: name,
  pid: count,
  attempts: count.describe('Attempts that failed: expired leases, and work that broke.'),
  max_attempts: count.min(1),
  renewals: count.default(0),
  reason: line.optional(),
  /** The claim that ran out and was taken over: whose, and how that was judged. */
  expired: z.strictObject({ commit: name, token: count, worker_id: name, judged_by: line }).optional(),
  result: slotResult.optional(),
});
export type Claim = z.infer<typeof claim>;
