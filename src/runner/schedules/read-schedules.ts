import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { ScheduleRun } from '../../contracts/schedule-run.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { isBelieved } from './due-run.ts';
import { LOOP_SETTING, parseSchedule } from './parse-schedule.ts';
import { readScheduleRuns } from './read-schedule-runs.ts';

/** How a schedule stands, for the status and the doctor. */
export interface ScheduleStanding {
  readonly schedule: string;
  readonly expression: string;
  /** What is wrong with the expression, where something is. */
  readonly problem: string | null;
  /** UTC; null when the expression is wrong. */
  readonly next_due_at: string | null;
  readonly last: Pick<ScheduleRun, 'due_at' | 'state' | 'attempt' | 'missed' | 'report' | 'error'> | null;
}

/** Every schedule that is set. None is the usual case, and costs nothing. */
export async function readSchedules(
  { settings, clock }: Pick<Workspace, 'settings' | 'clock'>,
  snapshot: Snapshot,
): Promise<ScheduleStanding[]> {
  const expression = settings.schedules.loop;
  if (expression === undefined) return [];
  const now = clock.now();
  const runs = await readScheduleRuns(snapshot, 'loop');
  const run = runs.filter((one) => isBelieved(one, now)).at(-1);
  const last = run === undefined ? null : standingOf(run);
  const base = { schedule: 'loop', expression, last };
  try {
    const next = (await parseSchedule(LOOP_SETTING, expression)).next(now);
    return [{ ...base, problem: null, next_due_at: next?.toISOString() ?? null }];
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error;
    return [{ ...base, problem: error.message, next_due_at: null }];
  }
}

function standingOf({ due_at, state, attempt, missed, report, error }: ScheduleRun) {
  return {
    due_at,
    state,
    attempt,
    missed,
    ...(report === undefined ? {} : { report }),
    ...(error === undefined ? {} : { error }),
  };
}
