import { z } from 'zod';
import { count, extra, instant, kebab, line } from './fields.ts';
import { idSchema } from './ids.ts';
import { defineKind } from './kind.ts';

/** Something that was due by the schedule, and what a runner did about it. */
export const scheduleRun = defineKind({
  name: 'schedule_run',
  summary:
    'Something that was due by the schedule: a runner began it, finished it or failed; or that a schedule begins.',
  schemaVersion: 1,
  idField: 'schedule_run_id',
  fields: z.strictObject({
    schedule_run_id: idSchema.optional(),
    schedule: kebab.describe('The name of the schedule, such as loop.'),
    due_at: instant.describe('The newest time that it was due, UTC.'),
    attempt: count.describe('1, and one more for each runner that began and was never heard of again.'),
    state: z
      .enum(['begun', 'started', 'finished', 'failed'])
      .describe('What this record says; begun: the schedule begins after this time, and nothing was run.'),
    missed: count.describe('Earlier times that it was due and that this run makes up for.'),
    runner: line.describe('The machine and the process.'),
    report: line.optional().describe('Path of the report that it wrote.'),
    error: line.optional().describe('What went wrong, in one line.'),
    at: instant.describe('When, UTC.'),
    extra: extra.optional(),
  }),
});
export type ScheduleRun = z.infer<typeof scheduleRun.fields>;
