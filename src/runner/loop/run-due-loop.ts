import type { PassContext } from '../../ledger/controller.ts';
import type { Claim, ClaimOptions } from '../schedules/claim-run.ts';
import { scheduledRun } from '../schedules/scheduled-run.ts';
import { weekOf } from './iso-week.ts';
import { type LoopDone, type LoopOptions, runLoop } from './run-loop.ts';

export interface DueLoop {
  readonly claim: Claim;
  /** Undefined when it was not due, or another runner was first. */
  readonly done?: LoopDone;
}

/** Runs the loop if it is due and nobody else does, for the week in which it was due, and records how it ended. */
export async function runDueLoop(
  context: PassContext,
  options: Omit<LoopOptions, 'week'> & ClaimOptions,
): Promise<DueLoop> {
  return scheduledRun(context, options, ({ due_at }) =>
    runLoop(context, { ...options, week: weekOf(new Date(due_at)) }),
  );
}
