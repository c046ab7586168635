import { z } from 'zod';
import { agentPresets } from './agent-preset.ts';
import { count, kebab, line, name } from './fields.ts';
import { githubSettings } from './github-settings.ts';
import { llmSettings } from './llm-settings.ts';
import {
  autoApplySettings,
  effectSettings,
  explainSettings,
  gateSettings,
  schedules,
} from './loop-settings.ts';

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
      compacted_segment_bytes: count
        .min(1_024)
        .max(50_000_000)
        .default(8_388_608)
        .describe('Segments of closed months are merged up to this size. Git hosts warn at 50 MB.'),
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
  forge: z
    .enum(['local', 'github'])
    .default('local')
    .describe('Where proposals are shown: pages in queue/proposals, or pull requests on GitHub.'),
  github: githubSettings,
  work: z
    .strictObject({
      lease_seconds: count.min(10).default(300).describe('How long a claim holds without a renewal.'),
      max_attempts: count.min(1).default(5).describe('A slot that failed so often is dead.'),
      time_limit_minutes: z.number().min(0.01).default(60).describe('An agent that runs longer is stopped.'),
      output_limit_bytes: count
        .min(1_000)
        .default(20_000_000)
        .describe('An agent that says more is stopped.'),
      smoke: line.optional().describe('The command that judges every result, run in its worktree.'),
      clock_margin_seconds: count
        .default(60)
        .describe('How far clocks may differ where a remote tells no time and nobody has watched.'),
    })
    .prefault({}),
  thoughts: z
    .strictObject({
      persona: kebab.default('frontend').describe('Who works on the variants of a thought.'),
      constitution_path: line
        .default('prompts/DO-NOT-CHANGE-EVER.md')
        .describe('Rules for a thought that names none.'),
      smoke: line.optional().describe('The command that judges a variant; default: work.smoke.'),
    })
    .prefault({}),
  llm: llmSettings,
  explain: explainSettings,
  gate: gateSettings,
  effects: effectSettings,
  auto_apply: autoApplySettings,
  schedules,
  agents: agentPresets
    .default({})
    .describe('Agents for millwright work --agent, by name; one of the same name replaces a known one.'),
  watch: z
    .strictObject({ poll_seconds: z.number().min(1).default(30).describe('How often the remote is asked.') })
    .prefault({}),
});
export type Settings = z.infer<typeof settings>;
