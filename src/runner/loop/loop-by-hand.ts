import { hasCode } from '../../contracts/millwright-error.ts';
import type { PassContext } from '../../ledger/controller.ts';
import { LOOP_SETTING, parseSchedule, type Schedule } from '../schedules/parse-schedule.ts';
import { scheduledRun } from '../schedules/scheduled-run.ts';
import { weekOf } from './iso-week.ts';
import { type LoopDone, type LoopOptions, runLoop } from './run-loop.ts';

/**
 * Runs the loop because a person asks for it. Where a schedule is set and it is due, was begun by somebody who has not
 * come to an end, or has failed, this is that run and recorded as such, so that no pass does it again; otherwise it is
 * nobody's and leaves no record of its own. Another runner that is at it is no reason to wait: every part of the loop
 * may be repeated. A schedule that cannot be read is warned about and stops nothing.
 * @param counts false for a report on another week, which is not what a schedule asks for
 */
export async function loopByHand(
  context: PassContext,
  options: LoopOptions,
  counts: boolean,
): Promise<LoopDone> {
  const asked = { ...options, byHand: true };
  const schedule = counts ? await scheduleOf(context) : undefined;
  if (schedule === undefined) return runLoop(context, asked);
  const claimed = await scheduledRun(context, { name: 'loop', schedule, byHand: true }, ({ due_at }) => {
    const dueIn = weekOf(new Date(due_at));
    return runLoop(context, { ...asked, ...(dueIn.name < options.week.name ? { before: dueIn } : {}) });
  });
  return 'done' in claimed ? claimed.done : runLoop(context, asked);
}

async function scheduleOf({ workspace }: PassContext): Promise<Schedule | undefined> {
  const expression = workspace.settings.schedules.loop;
  if (expression === undefined) return undefined;
  try {
    return await parseSchedule(LOOP_SETTING, expression);
  } catch (error) {
    if (!hasCode(error, 'bad-schedule')) throw error;
    workspace.warnings.push(`${error.message}; this run counts for no schedule`);
    return undefined;
  }
}
