import type { ScheduleRun } from '../../contracts/schedule-run.ts';
import { type DueRun, dueRun, isBelieved } from './due-run.ts';
import type { Schedule } from './parse-schedule.ts';

/** What a runner that looks at a schedule should do. */
export type DuePlan =
  /** Nobody has looked at this schedule before: it begins after this time, and what lies before is not made up for. */
  | { readonly action: 'begin'; readonly due_at: string }
  /** It is due. `attempt` is 1, or more when earlier runners were never heard of again. */
  | ({ readonly action: 'run'; readonly attempt: number } & DueRun)
  /** It is due, and so many runners have vanished over it that nobody tries again before the next time. */
  | ({ readonly action: 'give-up'; readonly attempt: number } & DueRun)
  /** Somebody is at it. */
  | { readonly action: 'wait'; readonly run: ScheduleRun }
  | { readonly action: 'nothing' };

export interface DueRules {
  /** How far clocks of runners may differ, milliseconds. */
  readonly marginMs: number;
}

/** A run that says nothing for so long is taken over by the next runner that looks. Milliseconds. */
export const SILENT_MS = 2 * 3_600_000;
export const MOST_ATTEMPTS = 3;

/**
 * The life of a due time: nobody -> started -> finished | failed. A run that started and was never heard of again
 * is started anew as the next attempt, at most three times, and then it has failed. A run for a newer time closes
 * every older one. Pure.
 *
 * @param runs the newest records of this schedule, in any order
 */
export function planDueRun(
  schedule: Schedule,
  now: Date,
  runs: readonly ScheduleRun[],
  { marginMs }: DueRules,
): DuePlan {
  const believed = runs.filter((run) => isBelieved(run, now));
  if (believed.length === 0) return { action: 'begin', due_at: (schedule.newest(now) ?? now).toISOString() };
  const due = dueRun(schedule, now, believed);
  if (due === undefined) return { action: 'nothing' };
  const open = believed.filter((run) => isOpen(run, believed));
  const busy = open.find((run) => !isSilent(run, now, marginMs));
  if (busy !== undefined) return { action: 'wait', run: busy };
  const attempts = open.filter(({ due_at }) => due_at === due.due_at).map(({ attempt }) => attempt);
  const last = Math.max(0, ...attempts);
  return last >= MOST_ATTEMPTS
    ? { action: 'give-up', ...due, attempt: last }
    : { action: 'run', ...due, attempt: last + 1 };
}

/** Started, and neither it nor a run for the same or a newer time has come to an end. */
function isOpen(run: ScheduleRun, runs: readonly ScheduleRun[]): boolean {
  if (run.state !== 'started') return false;
  return !runs.some(({ state, due_at }) => state !== 'started' && due_at >= run.due_at);
}

/**
 * A start that lies in the future was written by a clock that is ahead, or this one has gone back. It counts as fresh
 * while that is little: to wait for a wrong clock could mean to wait for days.
 */
function isSilent({ at }: ScheduleRun, now: Date, marginMs: number): boolean {
  return Math.abs(now.getTime() - new Date(at).getTime()) > SILENT_MS + marginMs;
}
