import { renewHeld } from '../../queue/hold.ts';
import { type Crew, endRun } from './crew.ts';
import { renewalsDue, untilDue } from './renewals.ts';
import type { WorkerRun } from './worker-run.ts';

/** Renewal never waits behind work: it has a loop of its own, and one push for all claims. */
export async function keepRenewing(crew: Crew): Promise<void> {
  const { clock } = crew.queue.workspace;
  while (!crew.ended.signal.aborted) {
    const runs = [...crew.runs];
    for (const run of runs) if (isOver(crew, run)) endRun(run, 'lost');
    const held = runs.map((run) => run.held);
    const due = new Set(renewalsDue(held, clock.monotonicMs()));
    const idle = runs.filter((run) => run.ending === undefined && run.renewal === undefined);
    const dueRuns = idle.filter((run) => due.has(run.held));
    // Not waited for: a remote that does not answer must not hide that a lease is over.
    if (dueRuns.length > 0) void renewRuns(crew, dueRuns);
    const wait =
      untilDue(
        [...crew.runs].map((run) => run.held),
        clock.monotonicMs(),
      ) ?? LOOK_AGAIN_MS;
    await clock.sleep(Math.min(Math.max(wait, SHORTEST_WAIT_MS), LOOK_AGAIN_MS), crew.ended.signal);
  }
}

/** A claim of a lease of 10 s, the shortest there is, is at half of it after 5 s. */
const LOOK_AGAIN_MS = 1_000;
const SHORTEST_WAIT_MS = 100;

export function isOver({ queue }: Crew, { held }: WorkerRun): boolean {
  return queue.workspace.clock.monotonicMs() > held.untilMs;
}

export async function renewRuns(crew: Crew, runs: readonly WorkerRun[]): Promise<void> {
  // One that is under way already is waited for, not doubled.
  await Promise.all(runs.map((run) => run.renewal));
  const renewal = renewNow(crew, runs);
  for (const run of runs) run.renewal = renewal;
  await renewal;
  for (const run of runs) if (run.renewal === renewal) run.renewal = undefined;
}

async function renewNow(crew: Crew, runs: readonly WorkerRun[]): Promise<void> {
  const answers = await renewHeld(
    crew.queue,
    runs.map((run) => run.held),
  );
  for (const [at, run] of runs.entries()) {
    const answer = answers[at];
    const facts = { slot_id: run.held.slot.slot_id, token: run.held.claim.token };
    if (answer?.result === 'held') {
      run.held = answer.held;
      crew.say({ event: 'renewed', ...facts });
    } else if (answer?.result === 'unknown') {
      const detail = answer.error instanceof Error ? answer.error.message : 'no answer';
      crew.say({ event: 'trouble', ...facts, detail: `not renewed: ${detail}` });
    } else endRun(run, 'lost');
  }
  await stopCancelled(crew, runs);
}

/** The holders of a cancelled item are told at their next renewal: this is it. */
export async function stopCancelled({ queue }: Crew, runs: readonly WorkerRun[]): Promise<void> {
  const sight = await queue.view.look().catch(() => undefined);
  if (sight === undefined) return;
  for (const run of runs) {
    const { item_id, slot_id } = run.held.slot;
    const item = sight.work.items.get(item_id);
    if (item?.cancelled !== undefined || !sight.work.slots.has(slot_id)) endRun(run, 'cancelled');
  }
}
