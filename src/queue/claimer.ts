import type { Claim, WorkSlot } from '../contracts/work.ts';
import type { Oid } from '../git/repository.ts';
import { type Claimable, claimables } from './claimable.ts';
import { type Held, heldFrom } from './held.ts';
import type { Queue } from './queue.ts';
import type { QueueSight } from './queue-view.ts';
import { inRandomOrder, type SlotFilter } from './ready-slots.ts';
import { claimSlot, takeOver, type WorkerIdentity } from './slot-machine.ts';
import { writeClaims } from './write-claim.ts';

export interface ClaimerOptions {
  readonly filter?: SlotFilter;
  /** True for a process that stays and watches: it judges no claim by a foreign wall clock. */
  readonly watches?: boolean;
  /** Slots that this process leaves to others for now. */
  avoids?(slotId: string): boolean;
  readonly random?: () => number;
}

/** After so many lost swaps the picture of the queue is too old to go by. */
const LOSSES_BEFORE_LOOK = 2;
/** A claim that finds others first again and again comes back later. */
const MOST_LOOKS = 5;
/** Milliseconds. A picture younger than the first is never taken again, one older than the second always is. */
const YOUNG = 300;
const OLD = 2_000;

/** A claim whose push got no answer: it may be ours. */
interface Unsure {
  readonly slot: WorkSlot;
  readonly claim: Claim;
  readonly commit: Oid;
  readonly beforePushMs: number;
}

/**
 * Claims slots for the workers of one process: chooses and swaps in one step. What was seen of the queue is used
 * until swaps are lost or nothing is left in it, so most claims cost one push and nothing else.
 */
export class Claimer {
  readonly #queue: Queue;
  readonly #options: ClaimerOptions;
  /** What may be claimed, the best last. */
  #pool: Claimable[] = [];
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<QueueSight> | undefined;
  #losses = 0;
  /** Slots that this process has tried since the queue was looked at. */
  readonly #tried = new Set<string>();
  #unsure: Unsure[] = [];

  constructor(queue: Queue, options: ClaimerOptions = {}) {
    this.#queue = queue;
    this.#options = options;
  }

  /**
   * @returns a claim, or undefined when nothing can be claimed now
   * @throws what a push or a look throws. A claim whose answer got lost is found by the next call.
   */
  async next(worker: WorkerIdentity): Promise<Held | undefined> {
    const since = this.#now();
    let tried = 0;
    for (let looks = 0; ; ) {
      if (this.#wantsLook()) await this.#look();
      const again = await this.found(worker);
      if (again !== undefined) return again;
      const candidate = this.#pool.pop();
      if (candidate !== undefined) {
        tried += 1;
        const held = await this.#try(candidate, worker);
        if (held !== undefined) return held;
        // Where something else could be had, not every cell was read: an empty pool says nothing after a try.
      } else if (this.#lookedAt >= since && (tried === 0 || looks >= MOST_LOOKS)) return undefined;
      else {
        [tried, looks] = [0, looks + 1];
        await this.#look();
      }
    }
  }

  /** A claim whose answer got lost, when it is ours after all. For whoever stops and claims no more. */
  async found(worker: WorkerIdentity): Promise<Held | undefined> {
    return this.#unsure.length === 0 ? undefined : this.#findAgain(worker);
  }

  #now(): number {
    return this.#queue.workspace.clock.monotonicMs();
  }

  #wantsLook(): boolean {
    const age = this.#now() - this.#lookedAt;
    return age > OLD || (this.#losses >= LOSSES_BEFORE_LOOK && age > YOUNG);
  }

  /** Workers that want to look at the same time look once. */
  async #look(): Promise<QueueSight> {
    this.#looking ??= this.#lookAgain().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookAgain(): Promise<QueueSight> {
    const { view, observer } = this.#queue;
    const { filter = {}, watches = false, avoids = () => false, random = Math.random } = this.#options;
    const since = this.#now();
    const before = new Set(this.#tried);
    const sight = await view.look();
    observer.see(sight.cells);
    const found = await claimables(this.#queue, sight, filter, watches);
    // What is being claimed while we look may not show in what we saw.
    for (const id of before) this.#tried.delete(id);
    const fresh = found.filter(({ slot: { slot_id: id } }) => !this.#tried.has(id) && !avoids(id));
    this.#pool = inRandomOrder(fresh, random).reverse();
    this.#lookedAt = since;
    this.#losses = 0;
    return sight;
  }

  async #try(candidate: Claimable, worker: WorkerIdentity): Promise<Held | undefined> {
    const { slot, commit: expected } = candidate;
    this.#tried.add(slot.slot_id);
    const beforePushMs = this.#now();
    const claim = this.#claimOver(candidate, worker);
    const [verdict] = await writeClaims(this.#queue, [{ expected, next: claim }], 'claim');
    if (verdict?.result === 'failed') {
      if (verdict.commit !== null) this.#unsure.push({ slot, claim, commit: verdict.commit, beforePushMs });
      throw verdict.error;
    }
    if (verdict?.result !== 'swapped' || verdict.commit === null) this.#losses += 1;
    else if (claim.state === 'claimed') return heldFrom(slot, claim, verdict.commit, beforePushMs);
    return undefined;
  }

  #claimOver({ slot, commit, before, judgedBy }: Claimable, worker: WorkerIdentity): Claim {
    const stamp = this.#queue.stamp();
    if (before === null || commit === null || judgedBy === undefined)
      return claimSlot(slot, before, worker, stamp);
    return takeOver(slot, before, worker, stamp, { commit, judgedBy });
  }

  /** After an error, one's own claims are looked for first: a lost answer is not a lost claim. */
  async #findAgain(worker: WorkerIdentity): Promise<Held | undefined> {
    const { cells } = await this.#queue.view.look();
    const mine = this.#unsure.find(
      ({ slot, claim, commit }) => claim.worker_id === worker.worker_id && cells.get(slot.slot_id) === commit,
    );
    this.#unsure = this.#unsure.filter((one) => one !== mine && cells.get(one.slot.slot_id) === one.commit);
    if (mine === undefined) return undefined;
    const { slot, claim, commit, beforePushMs } = mine;
    this.#queue.view.claims.learn(commit, claim);
    return claim.state === 'claimed' ? heldFrom(slot, claim, commit, beforePushMs) : undefined;
  }
}
