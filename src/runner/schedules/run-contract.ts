import { hostname } from 'node:os';
import { derivedId } from '../../contracts/ids.ts';
import type { Contract } from '../../contracts/record.ts';
import { type ScheduleRun, scheduleRun } from '../../contracts/schedule-run.ts';

/** One id for each word about a run, whoever says it: of two runners that say the same word, one is recorded. */
export function runContract(run: ScheduleRun): Contract {
  const { schedule, due_at, attempt, state } = run;
  const id = derivedId(new Date(due_at), ['schedule_run', schedule, due_at, String(attempt), state]);
  const fields = scheduleRun.fields.parse({ ...run, schedule_run_id: id });
  return { id, kind: scheduleRun, source: 'runner', fields };
}

/** The machine and the process. */
export function runnerName(): string {
  return `${hostname()}:${process.pid}`;
}
