import type { Claim, WorkSlot } from '../../src/contracts/work.ts';

/** What a cell says, as far as the model cares. Nonce and commit are names that it does not look into. */
export interface CellModel {
  state: Claim['state'];
  token: number;
  attempts: number;
  worker: string;
  nonce: string;
  commit: string;
  /** By the wall clock of whoever wrote it, in milliseconds. */
  renewedAt: number;
  /** When it was written, in milliseconds of the true time. */
  writtenAt: number;
}

export interface SlotModel {
  readonly slot: WorkSlot;
  where: 'queue' | 'dead' | 'gone';
  /** Tokens of this life are above it. */
  base: number;
  cell: CellModel | undefined;
  /** How each of its lives has ended, as the ledger has it. */
  readonly ends: Claim['state'][];
}

export interface ItemModel {
  cancelled: boolean;
  readonly ended: Map<string, Claim['state']>;
  closed: boolean;
}

const ends: readonly Claim['state'][] = ['shipped', 'failed', 'dead', 'cancelled'];
const MARGIN_MS = 60_000;

/** A second account of the queue, made from the words of the design alone. It shares no code with the engine. */
export class QueueModel {
  readonly slots: Map<string, SlotModel>;
  readonly items: Map<string, ItemModel>;
  /** Results that came too late and were kept. */
  late = 0;

  constructor(slots: readonly WorkSlot[]) {
    this.slots = new Map(
      slots.map((slot) => [slot.slot_id, { slot, where: 'queue', base: 0, cell: undefined, ends: [] }]),
    );
    const ids = [...new Set(slots.map(({ item_id }) => item_id))];
    this.items = new Map(ids.map((id) => [id, { cancelled: false, ended: new Map(), closed: false }]));
  }

  at(slotId: string): SlotModel {
    const found = this.slots.get(slotId);
    if (found === undefined) throw new Error(`the model has no slot ${slotId}`);
    return found;
  }

  itemOf({ slot }: SlotModel): ItemModel {
    const found = this.items.get(slot.item_id);
    if (found === undefined) throw new Error(`the model has no item ${slot.item_id}`);
    return found;
  }

  isCancelled(one: SlotModel): boolean {
    const item = this.itemOf(one);
    return item.cancelled && !item.closed;
  }

  isBlocked(one: SlotModel): boolean {
    return one.slot.needs.some((need) => {
      const needed = this.at(need);
      const inCell = needed.where === 'queue' && needed.cell?.state === 'shipped' && isOfThisLife(needed);
      return !inCell && this.itemOf(one).ended.get(need) !== 'shipped';
    });
  }

  isReady(one: SlotModel): boolean {
    const free = one.cell === undefined || one.cell.state === 'released';
    return one.where === 'queue' && free && !this.isCancelled(one) && !this.isBlocked(one);
  }

  /** What one who watches may take: others have had it unchanged before their eyes for 1.1 leases at most so long. */
  isAbandoned({ cell, slot }: SlotModel, nowMs: number): boolean {
    return cell?.state === 'claimed' && nowMs - cell.writtenAt > slot.lease_seconds * 1_100;
  }

  /** It has left the queue, or waits for a person who revives it or what it needs. */
  isAtItsEnd({ where, slot }: SlotModel): boolean {
    if (where !== 'queue') return true;
    const needs = slot.needs.map((need) => this.at(need));
    return needs.some((need) => need.where === 'dead' || (need.where === 'queue' && this.isAtItsEnd(need)));
  }

  /** How a listing names the state of a slot that is in the queue or dead. */
  stateOf(one: SlotModel): string {
    if (one.where === 'dead') return 'dead';
    if (one.cell !== undefined && one.cell.state !== 'released') return one.cell.state;
    if (this.isCancelled(one)) return 'cancelled';
    return this.isBlocked(one) ? 'blocked' : 'pending';
  }

  /** One pass, or as much of it as it lives to do. @returns whether it was killed */
  pass(wallMs: number, killedAt: string | undefined, write: (one: SlotModel) => void): boolean {
    const all = [...this.slots.values()];
    const [ended, leftover] = [
      all.filter(hasEnded),
      all.filter((one) => isIdle(one) && one.where !== 'queue'),
    ];
    const withdrawn = all.filter(
      (one) => one.where === 'queue' && this.isCancelled(one) && (one.cell === undefined || isIdle(one)),
    );
    const expired = all.filter(({ cell, slot }) => {
      const over = wallMs - (cell?.renewedAt ?? 0) - slot.lease_seconds * 1_000 - MARGIN_MS;
      return cell?.state === 'claimed' && over > 0;
    });
    for (const one of expired) this.#giveBack(one, write);
    if (expired.length > 0 && killedAt === 'queue:given-back') return true;
    const dead = all.filter((one) => one.where === 'dead' && this.isCancelled(one));
    const givenUp = dead.some((one) => this.#slotsBeside(one).every(({ where }) => where !== 'queue'));
    if (givenUp || ended.length + withdrawn.length > 0) {
      this.#fold(ended, [...withdrawn, ...dead]);
      if (killedAt === 'queue:folded') return true;
      for (const one of [...ended, ...withdrawn]) one.cell = undefined;
    }
    for (const one of leftover) one.cell = undefined;
    return false;
  }

  #slotsBeside({ slot }: SlotModel): SlotModel[] {
    return [...this.slots.values()].filter((one) => one.slot.item_id === slot.item_id);
  }

  #giveBack(one: SlotModel, write: (one: SlotModel) => void): void {
    if (one.cell === undefined) return;
    const attempts = one.cell.attempts + 1;
    one.cell = { ...one.cell, attempts, state: attempts >= one.slot.max_attempts ? 'dead' : 'released' };
    write(one);
  }

  #fold(ended: readonly SlotModel[], withdrawn: readonly SlotModel[]): void {
    const fresh = new Map<SlotModel, Claim['state']>();
    for (const one of ended) {
      const { cell } = one;
      if (cell === undefined) continue;
      if (one.where === 'queue' && isOfThisLife(one)) fresh.set(one, cell.state);
      else if (this.#isLate(one)) {
        // A pass that was killed after it had kept the result finds the cell again, and keeps the same file.
        this.late += 1;
        this.recorded.add(cell.commit);
      }
    }
    for (const one of withdrawn) fresh.set(one, 'cancelled');
    for (const [one, end] of fresh) this.#end(one, end);
    for (const one of this.slots.values()) this.#withdrawHopeless(one);
    for (const [id, item] of this.items) {
      const slots = [...this.slots.values()].filter(({ slot }) => slot.item_id === id);
      item.closed ||= slots.every(({ slot }) => item.ended.has(slot.slot_id));
    }
  }

  /** How claims have ended by the word of their holder, as the records say it, by the nonce of the claim. */
  readonly told = new Map<string, Claim['state']>();

  /** Lives that a pass has recorded and did not live to clear away are known; all others are late. */
  readonly recorded = new Set<string>();
  #isLate({ cell }: SlotModel): boolean {
    if (cell === undefined || (cell.state !== 'shipped' && cell.state !== 'failed')) return false;
    return !this.recorded.has(cell.commit);
  }

  #end(one: SlotModel, end: Claim['state']): void {
    one.ends.push(end);
    one.where = end === 'dead' ? 'dead' : 'gone';
    if (one.cell !== undefined) this.recorded.add(one.cell.commit);
    if (one.cell?.state === end) this.told.set(one.cell.nonce, end);
    one.base = Math.max(one.base, one.cell?.token ?? 0);
    if (end !== 'dead') this.itemOf(one).ended.set(one.slot.slot_id, end);
  }

  #withdrawHopeless(one: SlotModel): void {
    const { ended } = this.itemOf(one);
    const hopeless = one.slot.needs.some((need) => ['failed', 'cancelled'].includes(ended.get(need) ?? ''));
    if (hopeless && one.where === 'queue') this.#end(one, 'cancelled');
  }

  revive(one: SlotModel): void {
    one.where = 'queue';
  }
}

export function hasEnded({ cell }: SlotModel): boolean {
  return cell !== undefined && ends.includes(cell.state);
}

function isIdle({ cell }: SlotModel): boolean {
  return cell?.state === 'released';
}

function isOfThisLife({ cell, base }: SlotModel): boolean {
  return (cell?.token ?? 0) > base;
}
