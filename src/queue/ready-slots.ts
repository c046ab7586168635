import type { Claim, WorkSlot } from '../contracts/work.ts';
import type { Oid } from '../git/repository.ts';
import type { QueueSight } from './queue-view.ts';
import { isEnd } from './slot-machine.ts';

/** Who may take which slots. */
export interface SlotFilter {
  /** Kinds of items; absent: all. */
  readonly kinds?: ReadonlySet<string>;
  readonly item?: string;
  readonly slot?: string;
}

/** How a slot stands, from its cell and the slots that it needs. */
export type SlotStanding =
  | { readonly standing: 'ready'; readonly before: Claim | null; readonly commit: Oid | null }
  | { readonly standing: 'blocked'; readonly by: string }
  | { readonly standing: 'held'; readonly claim: Claim; readonly commit: Oid }
  | { readonly standing: 'ended'; readonly claim: Claim; readonly commit: Oid }
  | { readonly standing: 'cancelled' }
  /** The cell has not been read yet, or what it holds is no claim. */
  | { readonly standing: 'unknown'; readonly commit: Oid };

/** @param claimAt what the cell with this commit says; undefined when nobody has read it */
export function slotStanding(
  sight: QueueSight,
  slot: WorkSlot,
  claimAt: (commit: Oid) => Claim | null | undefined,
): SlotStanding {
  const commit = sight.cells.get(slot.slot_id) ?? null;
  const claim = commit === null ? null : (claimAt(commit) ?? undefined);
  if (commit !== null && claim === undefined) return { standing: 'unknown', commit };
  if (commit !== null && claim != null && claim.state !== 'released')
    return { standing: isEnd(claim.state) ? 'ended' : 'held', claim, commit };
  if (isCancelled(sight, slot)) return { standing: 'cancelled' };
  const by = slot.needs.find((need) => !isShipped(sight, slot, need, claimAt));
  if (by !== undefined) return { standing: 'blocked', by };
  return { standing: 'ready', before: claim ?? null, commit };
}

function isCancelled({ work }: QueueSight, slot: WorkSlot): boolean {
  return work.items.get(slot.item_id)?.cancelled !== undefined;
}

function isShipped(
  { work, cells }: QueueSight,
  slot: WorkSlot,
  need: string,
  claimAt: (commit: Oid) => Claim | null | undefined,
): boolean {
  if (work.items.get(slot.item_id)?.ended[need]?.end === 'shipped') return true;
  const [commit, needed] = [cells.get(need), work.slots.get(need)];
  const claim = commit === undefined ? undefined : claimAt(commit);
  // A stray claim, of a slot that is not in the queue or of an earlier life, counts for nothing.
  return claim?.state === 'shipped' && needed !== undefined && claim.token > needed.token;
}

export function wanted({ kinds, item, slot }: SlotFilter): (candidate: WorkSlot) => boolean {
  return (candidate) =>
    (kinds === undefined || kinds.has(candidate.kind)) &&
    (item === undefined || candidate.item_id === item) &&
    (slot === undefined || candidate.slot_id === slot);
}

/**
 * The order in which a worker tries slots: the highest priority first, and at random among equals, so that
 * workers do not all want the first.
 * @param random gives numbers from 0 up to 1
 */
export function inRandomOrder<T extends { readonly slot: WorkSlot }>(
  candidates: readonly T[],
  random: () => number,
): T[] {
  const drawn = candidates.map((candidate) => ({ candidate, lot: random() }));
  drawn.sort((a, b) => b.candidate.slot.priority - a.candidate.slot.priority || a.lot - b.lot);
  return drawn.map(({ candidate }) => candidate);
}
