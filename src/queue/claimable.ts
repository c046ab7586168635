import type { Claim, WorkSlot } from '../contracts/work.ts';
import type { Oid } from '../git/repository.ts';
import { judgeExpiry } from './judge-expiry.ts';
import type { Queue } from './queue.ts';
import type { QueueSight } from './queue-view.ts';
import { type SlotFilter, slotStanding, wanted } from './ready-slots.ts';

/** A slot that may be claimed, and what the cell holds that the claim would be written over. */
export interface Claimable {
  readonly slot: WorkSlot;
  readonly commit: Oid | null;
  readonly before: Claim | null;
  /** Why the claim that is there counts as abandoned; undefined when nobody holds the slot. */
  readonly judgedBy: string | undefined;
}

/**
 * What may be claimed now. Cells that nobody has read are read only when it matters: when nothing else is left,
 * or when they may hide something more urgent.
 * @param watches true for a process that stays: it judges no claim by a foreign wall clock
 */
export async function claimables(
  queue: Queue,
  sight: QueueSight,
  filter: SlotFilter,
  watches: boolean,
): Promise<Claimable[]> {
  const slots = [...sight.work.slots.values()].filter(wanted(filter));
  const known = standingClaimables(queue, sight, slots, watches);
  if (!mayHideMore(queue, sight, slots, known)) return known;
  await readCells(queue, sight, slots);
  return standingClaimables(queue, sight, slots, watches);
}

function standingClaimables(
  queue: Queue,
  sight: QueueSight,
  slots: readonly WorkSlot[],
  watches: boolean,
): Claimable[] {
  const claimAt = (commit: Oid) => queue.view.claims.known(commit);
  return slots.flatMap((slot): Claimable[] => {
    const found = slotStanding(sight, slot, claimAt);
    if (found.standing === 'ready')
      return [{ slot, commit: found.commit, before: found.before, judgedBy: undefined }];
    if (found.standing !== 'held' || sight.work.items.get(slot.item_id)?.cancelled !== undefined) return [];
    const judgedBy = judge(queue, found.claim, found.commit, watches);
    return judgedBy === undefined ? [] : [{ slot, commit: found.commit, before: found.claim, judgedBy }];
  });
}

/** Whether a claim has run out, by what this process knows. */
export function judge(queue: Queue, claim: Claim, commit: Oid, watches: boolean): string | undefined {
  const { refs, clock, settings } = queue.workspace;
  return judgeExpiry(claim, {
    unchangedMs: queue.observer.unchangedMs(claim.slot_id, commit),
    server: refs.serverTime?.(),
    now: clock.now(),
    marginSeconds: watches ? undefined : settings.work.clock_margin_seconds,
  });
}

function mayHideMore(
  queue: Queue,
  sight: QueueSight,
  slots: readonly WorkSlot[],
  known: readonly Claimable[],
): boolean {
  const best = known.reduce(
    (highest, { slot }) => Math.max(highest, slot.priority),
    Number.NEGATIVE_INFINITY,
  );
  return slots.some((slot) => {
    if (slot.priority <= best) return false;
    return [slot.slot_id, ...slot.needs].some((id) => {
      const commit = sight.cells.get(id);
      return commit !== undefined && queue.view.claims.known(commit) === undefined;
    });
  });
}

/** What the cells of these slots say; null where a cell holds no claim. Slots without a cell are left out. */
export async function readClaimsOf(
  queue: Queue,
  sight: QueueSight,
  slots: readonly WorkSlot[],
): Promise<Map<string, Claim | null>> {
  await readCells(queue, sight, slots);
  return new Map(
    slots.flatMap(({ slot_id: id }) => {
      const commit = sight.cells.get(id);
      const claim = commit === undefined ? undefined : queue.view.claims.known(commit);
      return claim === undefined ? [] : [[id, claim] as const];
    }),
  );
}

/** Reads the cells of these slots and of what they need. */
export async function readCells(
  { view }: Queue,
  sight: QueueSight,
  slots: readonly WorkSlot[],
): Promise<void> {
  const cells = slots.flatMap(({ slot_id: id, needs }) =>
    [id, ...needs].flatMap((one) => {
      const commit = sight.cells.get(one);
      return commit === undefined ? [] : [[one, commit] as const];
    }),
  );
  await view.claims.read(new Map(cells));
}
