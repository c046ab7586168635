import type { PassContext } from '../../ledger/controller.ts';
import { LOOP_SETTING, parseSchedule } from '../schedules/parse-schedule.ts';
import { scheduledRun } from '../schedules/scheduled-run.ts';
import { weekOf } from './iso-week.ts';
import { type LoopDone, type LoopOptions, runLoop } from './run-loop.ts';

/**
 * Runs the loop because a person asks for it. Where a schedule is set and it is due, or what was due has failed, this
 * is that run and recorded as such, so that no pass does it again; otherwise it is nobody's and leaves no record of
 * its own. Another runner that is at it is no reason to wait: every part of the loop may be repeated.
 * @param counts false for a report on another week, which is not what a schedule asks for
 */
export async function loopByHand(
  context: PassContext,
  options: LoopOptions,
  counts: boolean,
): Promise<LoopDone> {
  const expression = context.workspace.settings.schedules.loop;
  if (expression === undefined || !counts) return runLoop(context, options);
  const schedule = await parseSchedule(LOOP_SETTING, expression);
  const claimed = await scheduledRun(context, { name: 'loop', schedule, byHand: true }, ({ due_at }) => {
    const dueIn = weekOf(new Date(due_at));
    return runLoop(context, { ...options, ...(dueIn.name < options.week.name ? { before: dueIn } : {}) });
  });
  return 'done' in claimed ? claimed.done : runLoop(context, options);
}
