import type { Held } from '../../queue/held.ts';
import { type Crew, endRun } from './crew.ts';
import { isOver, renewRuns, stopCancelled } from './keep-renewing.ts';
import type { WorkerOptions } from './worker-options.ts';
import { type WorkerRun, workOn } from './worker-run.ts';

/** Works on a slot that has just been claimed. Throws nothing: its neighbours go on. */
export async function startRun(crew: Crew, options: WorkerOptions, held: Held): Promise<void> {
  const { slot, claim } = held;
  const run = newRun(crew, held);
  if (options.abort.aborted) endRun(run, 'drained');
  crew.runs.add(run);
  crew.say({
    event: 'claimed',
    slot_id: slot.slot_id,
    token: claim.token,
    ...(slot.label === undefined ? {} : { detail: slot.label }),
  });
  try {
    // It may have left the queue between the look and the claim.
    await stopCancelled(crew, [run]);
    const { agent, once } = options;
    const onBroken = (reason: string, code: string | undefined) => {
      crew.coolDown.add(slot.slot_id, once);
      crew.breaker.broke(reason, code);
    };
    const onFinished = () => crew.breaker.finished();
    await workOn({ queue: crew.queue, agent, say: crew.say, onBroken, onFinished }, run);
  } catch (error) {
    crew.say({ event: 'trouble', slot_id: slot.slot_id, detail: String(error) });
  } finally {
    crew.runs.delete(run);
  }
}

function newRun(crew: Crew, held: Held): WorkerRun {
  const run: WorkerRun = {
    held,
    stop: new AbortController(),
    ending: undefined,
    renewal: undefined,
    stillHeld: async () => {
      await renewRuns(crew, [run]);
      return run.ending !== 'lost' && !isOver(crew, run);
    },
  };
  return run;
}
