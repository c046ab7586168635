import type { Contract } from '../contracts/record.ts';
import type { SlotEnd } from '../contracts/slot-event.ts';
import type { Claim, DeadLetter, WorkItem, WorkSlot } from '../contracts/work.ts';
import type { Edit } from '../git/edit.ts';
import { itemEventOf, putItem } from './enqueue.ts';
import { outcomeOf } from './outcome-of.ts';
import { deadPath, itemPath, slotPath } from './paths.ts';
import type { LifeStep } from './read-lifecycle.ts';
import type { Work } from './read-work.ts';
import { replayRunOf } from './replay-run-of.ts';
import { slotEventOf, slotEvents } from './slot-events.ts';

/** What a pass has found in the cells and wants on the ledger. */
export interface FoldInput {
  /** Lives that have ended, by slot. */
  readonly ended: ReadonlyMap<string, readonly LifeStep[]>;
  /** Slots of cancelled items that nobody holds, with what their cells have said. */
  readonly withdrawn: ReadonlyMap<string, readonly LifeStep[]>;
  readonly at: Date;
}

export interface FoldPlan {
  readonly edits: readonly Edit[];
  readonly contracts: readonly Contract[];
  /** Lives whose slot is not on the ledger: folded before, or claimed by somebody who came too late. */
  readonly absent: readonly string[];
  readonly folded: number;
}

/**
 * What the ledger becomes when ended cells are folded into it: their lives and outcomes as records, their slots
 * out of the queue, their items brought up to date, and the items that are done out of the queue as well. Pure.
 */
export function planFold(work: Work, input: FoldInput): FoldPlan {
  const draft: Draft = { work, at: input.at, edits: [], contracts: [], ends: new Map() };
  const absent = [...input.ended].filter(([id, steps]) => !isLifeOf(work.slots.get(id), steps));
  for (const [id, steps] of input.ended) endSlot(draft, work.slots.get(id), steps);
  for (const [id, steps] of input.withdrawn)
    withdrawSlot(draft, work.slots.get(id), steps, 'the item was cancelled');
  for (const item of work.items.values()) settleItem(draft, item);
  return {
    edits: draft.edits,
    contracts: draft.contracts,
    absent: absent.map(([id]) => id),
    folded: draft.ends.size,
  };
}

/** The plan while it is made. */
interface Draft {
  readonly work: Work;
  readonly at: Date;
  readonly edits: Edit[];
  readonly contracts: Contract[];
  /** How slots have ended in this fold. */
  readonly ends: Map<string, { readonly end: SlotEnd; readonly token: number }>;
}

/** A slot that was revived starts from the token of its last life: what ended then is folded already. */
function isLifeOf(slot: WorkSlot | undefined, steps: readonly LifeStep[]): boolean {
  return slot !== undefined && (steps.at(-1)?.claim.token ?? 0) > slot.token;
}

function endSlot(draft: Draft, slot: WorkSlot | undefined, steps: readonly LifeStep[]): void {
  const claim = steps.at(-1)?.claim;
  if (slot === undefined || claim === undefined || !isLifeOf(slot, steps)) return;
  const { replay } = slot;
  const result = replay === undefined ? outcomeOf(slot, claim) : replayRunOf(slot, replay, claim);
  draft.contracts.push(...slotEvents(steps, slot.token), ...(result === undefined ? [] : [result]));
  draft.edits.push({ remove: slotPath(slot.slot_id) });
  draft.ends.set(slot.slot_id, { end: claim.state as SlotEnd, token: claim.token });
  if (claim.state !== 'dead') return;
  if (replay === undefined) draft.edits.push(deadLetter(slot, claim));
  else giveUpReplay(draft, slot, claim);
}

/** A replay that died is an error that counts for nobody: no person has to look, and nothing waits for it. */
function giveUpReplay(draft: Draft, slot: WorkSlot, { token, renewed_at: at }: Claim): void {
  const reason = 'a replay that fails too often is given up';
  draft.contracts.push(slotEventOf(slot, { event: 'cancelled', token, at, reason }));
  draft.ends.set(slot.slot_id, { end: 'cancelled', token });
}

function deadLetter(slot: WorkSlot, claim: Claim): Edit {
  const { attempts, renewed_at: died_at, token, reason = 'the lease ran out' } = claim;
  // Revived, its tokens go on from here.
  const letter: DeadLetter = { slot: { ...slot, token }, died_at, attempts, reason };
  return { put: deadPath(slot.slot_id), content: `${JSON.stringify(letter, null, 2)}\n` };
}

function withdrawSlot(
  draft: Draft,
  slot: WorkSlot | undefined,
  steps: readonly LifeStep[],
  reason: string,
): void {
  if (slot === undefined || draft.ends.has(slot.slot_id)) return;
  const token = Math.max(steps.at(-1)?.claim.token ?? 0, slot.token);
  const at = draft.at.toISOString();
  const cancelled = slotEventOf(slot, { event: 'cancelled', token, at, reason });
  draft.contracts.push(...slotEvents(steps, slot.token), cancelled);
  draft.edits.push({ remove: slotPath(slot.slot_id) });
  draft.ends.set(slot.slot_id, { end: 'cancelled', token });
}

/** With its item a dead slot is given up, too. */
function buryDead(draft: Draft, item: WorkItem): void {
  if (item.cancelled === undefined) return;
  const { reason } = item.cancelled;
  for (const id of item.slots) {
    const slot = draft.work.dead.get(id)?.slot;
    if (slot === undefined || draft.ends.has(id)) continue;
    const { token } = slot;
    draft.contracts.push(
      slotEventOf(slot, { event: 'cancelled', token, at: draft.at.toISOString(), reason }),
    );
    draft.edits.push({ remove: deadPath(id) });
    draft.ends.set(id, { end: 'cancelled', token });
  }
}

function settleItem(draft: Draft, item: WorkItem): void {
  buryDead(draft, item);
  withdrawHopeless(draft, item);
  const fresh = item.slots.flatMap((id) => {
    const end = draft.ends.get(id);
    // A dead slot waits for a person; until then the item is not done.
    return end === undefined || end.end === 'dead' ? [] : [[id, end] as const];
  });
  const ended = { ...item.ended, ...Object.fromEntries(fresh) };
  if (item.slots.every((id) => ended[id] !== undefined)) closeItem(draft, item, ended);
  else if (fresh.length > 0) draft.edits.push(putItem({ ...item, ended }));
}

/** Slots that need one which ended without a result will never be ready. */
function withdrawHopeless(draft: Draft, item: WorkItem): void {
  const hopeless = (id: string) => {
    const end = draft.ends.get(id)?.end ?? item.ended[id]?.end;
    return end === 'failed' || end === 'cancelled';
  };
  for (let found = true; found; ) {
    found = false;
    for (const id of item.slots) {
      const slot = draft.work.slots.get(id);
      const need = slot?.needs.find(hopeless);
      if (slot === undefined || need === undefined || draft.ends.has(id)) continue;
      withdrawSlot(draft, slot, [], `it needs ${need}, which gave no result`);
      found = true;
    }
  }
}

function closeItem(draft: Draft, item: WorkItem, ended: WorkItem['ended']): void {
  const ends: Partial<Record<SlotEnd, number>> = {};
  for (const { end } of Object.values(ended)) ends[end] = (ends[end] ?? 0) + 1;
  const event = item.cancelled === undefined ? 'complete' : 'cancelled';
  const reason = item.cancelled === undefined ? {} : { reason: item.cancelled.reason };
  const said = { event, at: draft.at.toISOString(), slots: item.slots, ends, ...reason } as const;
  draft.edits.push({ remove: itemPath(item.item_id) });
  draft.contracts.push(itemEventOf(item, said));
}
