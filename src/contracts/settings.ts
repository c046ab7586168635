import { z } from 'zod';
import { count, line, name } from './fields.ts';

/** What git takes for the name of a branch (git-check-ref-format), without its rarest characters. */
const branchName = z
  .string()
  .max(200)
  .regex(
    /^(?!-|@$|HEAD$)(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)))[^./\s\p{Cc}\p{Surrogate}~^:?*[\\][^\s\p{Cc}\p{Surrogate}~^:?*[\\]*(?<![./])$/u,
    'expected a branch name such as main',
  );

/** `millwright.yaml`. Every setting has a default, so an empty file is a valid workspace. */
export const settings = z.strictObject({
  ledger_branch: branchName.default('main').describe('Where the machine-written history lives.'),
  base_branch: branchName.default('main').describe('Where people merge personas, prompts and code.'),
  remote: z
    .union([name, z.literal(false)])
    .optional()
    .describe(
      'The git remote that is the shared truth. Default: origin when there is one. false: local only.',
    ),
  ref_namespace: z
    .enum(['refs/millwright', 'refs/heads/millwright'])
    .default('refs/millwright')
    .describe('Where cells live. The second form is for servers that refuse custom refs.'),
  author: z
    .strictObject({ name: line, email: line })
    .default({ name: 'Millwright', email: 'millwright@localhost' })
    .describe('Author of machine-written commits.'),
  limits: z
    .strictObject({
      contract_bytes: count.default(5_000_000).describe('A larger contract is rejected.'),
      segment_bytes: count.min(1_024).default(262_144).describe('A segment closes at this size.'),
      pushes_per_minute: count
        .min(1)
        .default(6)
        .describe('Push budget of a remote that is neither a path nor on this machine.'),
      publish_attempts: count.min(1).default(20).describe('How often a lost race is retried.'),
    })
    .prefault({}),
  analysis: z
    .strictObject({
      window_days: count.min(1).default(28),
      every_days: count.default(7).describe('Days between two analyses by the runner.'),
      min_group: count.min(2).default(30).describe('Smallest group that is judged.'),
      false_discovery_rate: z.number().min(0.001).max(0.5).default(0.1),
    })
    .prefault({}),
  proposals: z
    .strictObject({
      max_open: count.default(10),
      max_per_day: count.default(20),
    })
    .prefault({}),
  watch: z
    .strictObject({ poll_seconds: z.number().min(1).default(30).describe('How often the remote is asked.') })
    .prefault({}),
});
export type Settings = z.infer<typeof settings>;
