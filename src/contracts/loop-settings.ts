import { z } from 'zod';
import { count, line } from './fields.ts';

/** How findings are explained by a model, where there is one. */
export const explainSettings = z
  .strictObject({
    max_findings: count.default(5).describe('How many findings a pass explains at most.'),
    max_records: count.min(1).max(100).default(20).describe('How many records of a finding are shown.'),
    max_record_chars: count.min(200).default(4_000).describe('A longer record or transcript is cut there.'),
    idea_relevance: z
      .enum(['high', 'never'])
      .default('high')
      .describe('Research signals of this relevance may become thoughts.'),
  })
  .prefault({});

/** How a patch is tested before it is offered. Without an agent it is not, and the proposal says so. */
export const gateSettings = z
  .strictObject({
    agent: line.optional().describe('The agent that replays tasks: a preset, or a command as for --agent.'),
    smoke: line.optional().describe('The command that judges a replay; default: that of the task.'),
    tasks: count.min(60).default(60).describe('Pairs of replays of a test.'),
    headroom_tasks: count.default(20).describe('Tasks of the test for headroom; 0 leaves it out.'),
    wait_hours: count.default(72).describe('A patch whose replays take longer is offered as not tested.'),
    per_test_usd: z.number().min(0).default(50).describe('Replays that would cost more are not begun.'),
  })
  .prefault({});

/** How the effect of a merged patch is measured. */
export const effectSettings = z
  .strictObject({
    split: z.boolean().default(true).describe('Half of the runs keep the old version until it is decided.'),
    roll_back_at: z.number().min(1).default(20).describe('Evidence of harm at which a patch is taken back.'),
    promote_at: z.number().min(1).default(20).describe('Evidence of benefit at which the split ends.'),
    alert_at: z.number().min(1).default(10).describe('Evidence of harm at which a person is told.'),
    max_runs: count.min(2).default(300).describe('After so many runs of both versions it is inconclusive.'),
    max_days: count.min(1).default(56).describe('And after so many days.'),
  })
  .prefault({});

/** Gate 3: patches that are merged without a person. Off until it is switched on. */
export const autoApplySettings = z
  .strictObject({
    enabled: z.boolean().default(false),
    deltas: z
      .array(
        z.enum(['set_route', 'unset_route', 'add_bullet', 'update_bullet', 'remove_bullet', 'set_field']),
      )
      .default([])
      .describe('The sorts of delta that may be merged; a patch with any other waits for a person.'),
    max_per_day: count.default(1).describe('How many in 24 hours.'),
  })
  .prefault({});

/** When something is due, as a cron expression in UTC. */
export const schedules = z
  .strictObject({ loop: line.optional().describe('When millwright loop is due, such as "0 2 * * 0".') })
  .default({});
