import type { Queue } from '../../queue/queue.ts';
import type { WorkerIdentity } from '../../queue/slot-machine.ts';
import type { Breaker } from './breaker.ts';
import type { CoolDown } from './cool-down.ts';
import type { RunContext, WorkerRun } from './worker-run.ts';

/** What a daemon has in hand. */
export interface Crew {
  readonly queue: Queue;
  readonly identity: WorkerIdentity;
  /** Slots that are worked on. */
  readonly runs: Set<WorkerRun>;
  readonly coolDown: CoolDown;
  readonly breaker: Breaker;
  /** Aborted when the last run has ended. */
  readonly ended: AbortController;
  readonly say: RunContext['say'];
}

/** Ends a run; the first reason counts. */
export function endRun(run: WorkerRun, why: NonNullable<WorkerRun['ending']>): void {
  run.ending ??= why;
  run.stop.abort();
}
