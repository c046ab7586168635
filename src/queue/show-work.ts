import type { Claim } from '../contracts/work.ts';
import { unknownSlot } from './find-own-claim.ts';
import { listSight, type SlotRow } from './list-queue.ts';
import type { Queue } from './queue.ts';
import { type LifeStep, readLifecycle } from './read-lifecycle.ts';

export interface WorkShown {
  /** The item or slot as it lies in the queue. */
  readonly what: Readonly<Record<string, unknown>>;
  /** What the cell of a slot has said so far, oldest first. */
  readonly life: readonly LifeShown[];
  /** The slots of an item, or how the one slot stands. */
  readonly slots: readonly SlotRow[];
}

export interface LifeShown extends Pick<Claim, 'state' | 'token' | 'worker_id' | 'reason'> {
  readonly at: string;
  readonly commit: string;
}

/** One item or slot that is live. Throws `unknown-slot`. */
export async function showWork(queue: Queue, id: string): Promise<WorkShown> {
  const sight = await queue.view.look();
  const { work, cells } = sight;
  const item = work.items.get(id);
  if (item !== undefined) {
    const { slots } = await listSight(queue, sight, { item: id });
    return { what: item, life: [], slots };
  }
  const { slots } = await listSight(queue, sight, { slot: id });
  if (slots.length === 0) throw unknownSlot(id);
  const commit = cells.get(id);
  const steps = commit === undefined ? [] : await readLifecycle(queue.workspace.store, id, commit);
  return { what: work.slots.get(id) ?? {}, life: steps.map(toLife), slots };
}

function toLife({ claim, commit }: LifeStep): LifeShown {
  const { state, token, worker_id, reason, renewed_at: at } = claim;
  return { at, state, token, worker_id, commit, ...(reason === undefined ? {} : { reason }) };
}
