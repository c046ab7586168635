import { type Crew, endRun } from './crew.ts';

export interface StopSignals {
  /** Told to stop: nothing new is claimed, and what runs has `drainSeconds` to finish. */
  readonly drain: AbortSignal;
  readonly drainSeconds: number;
  /** Told to stop at once: agents are ended and claims released. */
  readonly abort: AbortSignal;
}

/** The first signal drains: what runs may finish within a bound. The second ends everything at once. */
export function heedSignals(crew: Crew, { drain, abort, drainSeconds }: StopSignals): () => void {
  const { clock } = crew.queue.workspace;
  const endAll = () => {
    for (const run of crew.runs) endRun(run, 'drained');
  };
  const startDraining = () => {
    crew.say({ event: 'draining', detail: `${crew.runs.size} slots have ${drainSeconds} s to finish` });
    void clock.sleep(drainSeconds * 1_000, crew.ended.signal).then(endAll);
  };
  drain.addEventListener('abort', startDraining, { once: true });
  abort.addEventListener('abort', endAll, { once: true });
  return () => {
    drain.removeEventListener('abort', startDraining);
    abort.removeEventListener('abort', endAll);
  };
}
