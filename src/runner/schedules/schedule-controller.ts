import type { Controller, PassContext, Step } from '../../ledger/controller.ts';
import type { LoopOptions } from '../loop/run-loop.ts';
import { LOOP_SETTING, parseSchedule } from './parse-schedule.ts';
import { type DuePlan, planDueRun } from './plan-due-run.ts';
import { readScheduleRuns } from './read-schedule-runs.ts';
import { warnOfClocks } from './warn-of-clocks.ts';

/**
 * Runs the loop when it is due. Without a schedule it costs nothing; with one, a look at the last records of it.
 * What the loop needs is given by whoever lists the controllers: the list itself is above this file.
 */
export function scheduleController(options: Pick<LoopOptions, 'controllers' | 'explain'>): Controller {
  return {
    name: 'schedule',
    plan: async (context) => {
      const expression = context.workspace.settings.schedules.loop;
      return expression === undefined ? [] : planLoop(context, expression, options);
    },
  };
}

async function planLoop(
  context: PassContext,
  expression: string,
  options: Pick<LoopOptions, 'controllers' | 'explain'>,
): Promise<Step[]> {
  const { workspace } = context;
  const schedule = await parseSchedule(LOOP_SETTING, expression);
  const runs = await readScheduleRuns((await workspace.log.tip()).snapshot, 'loop');
  warnOfClocks(workspace, runs);
  const marginMs = workspace.settings.work.clock_margin_seconds * 1_000;
  const plan = planDueRun(schedule, workspace.clock.now(), runs, { marginMs });
  if (plan.action === 'nothing' || plan.action === 'wait') return [];
  return [
    {
      controller: 'schedule',
      summary: summaryOf(plan, expression),
      changes: true,
      apply: async () => {
        // DuckDB comes with the loop, and is not loaded before something is due.
        const { runDueLoop } = await import('../loop/run-due-loop.ts');
        const { claim, done } = await runDueLoop(context, { ...options, name: 'loop', schedule });
        return { changed: claim.result !== 'nothing', findings: done?.analysis.added ?? 0 };
      },
    },
  ];
}

function summaryOf(plan: Exclude<DuePlan, { action: 'nothing' | 'wait' }>, expression: string): string {
  switch (plan.action) {
    case 'begin':
      return `begin the schedule of the loop: ${expression}`;
    case 'give-up':
      return `give up the loop of ${plan.due_at}: ${plan.attempt} runners were never heard of again`;
    case 'run':
      return `run the loop that was due at ${plan.due_at}${extras(plan)}`;
  }
}

function extras({ missed, attempt }: Extract<DuePlan, { action: 'run' }>): string {
  const missedWords =
    missed === 0 ? [] : [`making up for ${missed} earlier ${missed === 1 ? 'time' : 'times'}`];
  const attemptWords = attempt === 1 ? [] : [`attempt ${attempt}`];
  return [...missedWords, ...attemptWords].map((words) => `, ${words}`).join('');
}
