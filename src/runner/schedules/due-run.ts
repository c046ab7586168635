import type { ScheduleRun } from '../../contracts/schedule-run.ts';
import type { Schedule } from './parse-schedule.ts';

/** A time that a schedule was due, and that no run has come to an end for. */
export interface DueRun {
  /** UTC. */
  readonly due_at: string;
  /** Earlier due times since the last run that finished: one run makes up for all of them. At most 1,000. */
  readonly missed: number;
}

const DAY_MS = 86_400_000;
const MOST_MISSED = 1_000;

/**
 * The newest due time at `now` or before, unless a run for it, or for a newer one, has finished or failed. Nothing is
 * due before the first record of a schedule. Pure.
 */
export function dueRun(schedule: Schedule, now: Date, runs: readonly ScheduleRun[]): DueRun | undefined {
  const believed = runs.filter((run) => isBelieved(run, now));
  const newest = schedule.newest(now);
  if (newest === undefined || believed.length === 0) return undefined;
  const due_at = newest.toISOString();
  const ended = believed.filter(({ state }) => state !== 'started');
  if (ended.some((run) => run.due_at >= due_at)) return undefined;
  return { due_at, missed: countMissed(schedule, newest, lastFinished(ended, believed)) };
}

/**
 * False for a run for a time that is more than a day ahead: the clock that it was made by was wrong, or this one is.
 * Believing it would mean to wait for that time, perhaps for years.
 */
export function isBelieved(run: ScheduleRun, now: Date): boolean {
  return new Date(run.due_at).getTime() <= now.getTime() + DAY_MS;
}

/** What lies before the beginning of a schedule is not missed. Where no run has finished, the oldest known has to do. */
function lastFinished(ended: readonly ScheduleRun[], runs: readonly ScheduleRun[]): string {
  const settled = ended.filter(({ state }) => state !== 'failed').map(({ due_at }) => due_at);
  return settled.sort().at(-1) ?? runs.map(({ due_at }) => due_at).sort()[0] ?? '';
}

function countMissed(schedule: Schedule, newest: Date, since: string): number {
  let missed = 0;
  let at = schedule.next(new Date(since));
  while (at !== undefined && at < newest && missed < MOST_MISSED) {
    missed += 1;
    at = schedule.next(at);
  }
  return missed;
}
