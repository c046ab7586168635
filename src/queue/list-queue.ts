import type { Claim, WorkItem, WorkSlot } from '../contracts/work.ts';
import { readCells } from './claimable.ts';
import type { Queue } from './queue.ts';
import type { QueueSight } from './queue-view.ts';
import { type SlotFilter, slotStanding, wanted } from './ready-slots.ts';

/** The tenth variant comes after the ninth. Made once: that is what takes the time. */
const byNumber = new Intl.Collator('en', { numeric: true });

/** How one slot stands, for people and for `--json`. */
export interface SlotRow {
  readonly slot_id: string;
  readonly item_id: string;
  readonly kind: string;
  /** `pending` can be claimed; `blocked` waits for a slot that it needs; `unreadable`: the cell holds no claim. */
  readonly state: 'pending' | 'blocked' | 'cancelled' | 'unreadable' | Claim['state'];
  readonly priority: number;
  readonly label?: string;
  readonly needs?: string;
  readonly worker_id?: string;
  readonly token?: number;
  readonly attempts?: number;
  readonly renewed_at?: string;
  readonly reason?: string;
  readonly branch: string;
}

export interface QueueListing {
  readonly items: readonly Pick<WorkItem, 'item_id' | 'kind' | 'title' | 'created_at' | 'cancelled'>[];
  readonly slots: readonly SlotRow[];
  readonly bad: readonly string[];
}

/** Live work, the oldest item first. */
export async function listQueue(queue: Queue, filter: SlotFilter): Promise<QueueListing> {
  return listSight(queue, await queue.view.look(), filter);
}

/** The same of a queue that was looked at already. */
export async function listSight(queue: Queue, sight: QueueSight, filter: SlotFilter): Promise<QueueListing> {
  const slots = [...sight.work.slots.values()].filter(wanted(filter));
  await readCells(queue, sight, slots);
  const dead = [...sight.work.dead.values()].filter(({ slot }) => wanted(filter)(slot));
  const rows = [
    ...slots.map((slot) => rowOf(queue, sight, slot)),
    ...dead.map(({ slot, attempts, reason }) => ({
      ...plain(slot),
      state: 'dead' as const,
      attempts,
      reason,
    })),
  ];
  const shown = new Set(rows.map(({ item_id: id }) => id));
  return {
    items: [...sight.work.items.values()].filter(({ item_id: id }) => shown.has(id)).sort(byAge),
    slots: rows.sort((a, b) => compare(a.item_id, b.item_id) || byNumber.compare(a.slot_id, b.slot_id)),
    bad: sight.work.bad,
  };
}

function rowOf(queue: Queue, sight: QueueSight, slot: WorkSlot): SlotRow {
  const found = slotStanding(sight, slot, (commit) => queue.view.claims.known(commit));
  switch (found.standing) {
    case 'ready':
      return { ...plain(slot), state: 'pending', ...(found.before === null ? {} : claimFacts(found.before)) };
    case 'blocked':
      return { ...plain(slot), state: 'blocked', needs: found.by };
    case 'unknown':
      return { ...plain(slot), state: 'unreadable' };
    case 'cancelled':
      return { ...plain(slot), state: 'cancelled' };
    default:
      return { ...plain(slot), state: found.claim.state, ...claimFacts(found.claim) };
  }
}

function plain({ slot_id, item_id, kind, priority, label, branch }: WorkSlot) {
  return { slot_id, item_id, kind, priority, branch, ...(label === undefined ? {} : { label }) };
}

function claimFacts({ worker_id, token, attempts, renewed_at, reason }: Claim) {
  return { worker_id, token, attempts, renewed_at, ...(reason === undefined ? {} : { reason }) };
}

function byAge(a: WorkItem, b: WorkItem): number {
  return compare(a.created_at, b.created_at) || compare(a.item_id, b.item_id);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
