import type { ItemEvent, SlotEvent } from '../contracts/slot-event.ts';
import type { Claim, WorkItem, WorkSlot } from '../contracts/work.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { readClaimsOf } from './claimable.ts';
import { eventsOfItems } from './past-events.ts';
import type { Queue } from './queue.ts';
import type { QueueSight } from './queue-view.ts';
import { plainWords, type Recipe, wordsOf } from './recipe.ts';
import { isEnd } from './slot-machine.ts';

/** Something that has happened to an item or one of its slots, in the words of its recipe. */
export interface QueueEvent {
  /** Such as `variant_claimed`, `variant_complete`, `thought_complete`. */
  readonly event: string;
  readonly item_id: string;
  readonly slot_id?: string;
  readonly token?: number;
  readonly worker_id?: string;
  readonly state?: string;
  readonly label?: string;
  readonly branch_name?: string;
  readonly commit_hash?: string;
  readonly smoke_test_pass?: boolean;
  readonly reason?: string;
  readonly ends?: Readonly<Record<string, number>>;
  readonly at: string;
}

/**
 * Tells what happens in the queue, each thing once. What a pass folds between two looks is told from the
 * records. Of one item it tells everything from its beginning; of all, only what is new.
 */
export class QueueWatcher {
  readonly #queue: Queue;
  readonly #recipes: readonly Recipe[];
  readonly #item: string | undefined;
  readonly #told = new Set<string>();
  #items: ReadonlyMap<string, WorkItem> | undefined;

  constructor(queue: Queue, recipes: readonly Recipe[], item?: string) {
    this.#queue = queue;
    this.#recipes = recipes;
    this.#item = item;
  }

  /** What has happened since the last call, in order. */
  async look(): Promise<QueueEvent[]> {
    const first = this.#items === undefined;
    const sight = await this.#queue.view.look();
    const live = await this.#live(sight);
    const past = await this.#past(sight);
    this.#items = sight.work.items;
    const news = [...past, ...live].filter((event) => this.#isNews(event)).sort(byTime);
    return first && this.#item === undefined ? [] : news;
  }

  /** Whether an item is in the queue, or something of it was told. */
  knows(item: string): boolean {
    return this.#items?.has(item) === true || [...this.#told].some((key) => key.split(' ')[1] === item);
  }

  #isNews({ event, item_id, slot_id, token }: QueueEvent): boolean {
    const key = [event, item_id, slot_id, token].join(' ');
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }

  async #live(sight: QueueSight): Promise<QueueEvent[]> {
    const { slots, items } = sight.work;
    const wanted = [...slots.values()].filter(
      ({ item_id: id }) => this.#item === undefined || id === this.#item,
    );
    const claims = await readClaimsOf(this.#queue, sight, wanted);
    return wanted.flatMap((slot) => {
      const claim = claims.get(slot.slot_id);
      const words = wordsOf(this.#recipes, items.get(slot.item_id) ?? slot);
      return claim == null ? [] : claimEvents(slot, claim, words.slot);
    });
  }

  /** Items that have changed on the ledger since the last look, or the one that is asked for. */
  async #past({ work, snapshot }: QueueSight): Promise<QueueEvent[]> {
    const before = this.#items ?? new Map(this.#item === undefined ? [] : [[this.#item, undefined]]);
    const changed = [...before].filter(([id, item]) => {
      const mine = this.#item === undefined || id === this.#item;
      const now = work.items.get(id);
      return mine && (now === undefined || item === undefined || now.ended !== item.ended);
    });
    return this.#tell(snapshot, new Set(changed.map(([id]) => id)));
  }

  async #tell(snapshot: Snapshot, items: ReadonlySet<string>): Promise<QueueEvent[]> {
    const { slotEvents, itemEvents } = await eventsOfItems(snapshot, items);
    const words = (id: string) => {
      const kind = itemEvents.find(({ item_id }) => item_id === id)?.item_kind;
      return this.#recipes.find((recipe) => recipe.kind === kind)?.words ?? plainWords;
    };
    return [
      ...slotEvents.flatMap((event) => toSlotEvent(event, words(event.item_id).slot)),
      ...itemEvents.flatMap((event) => toItemEvent(event, words(event.item_id).item)),
    ];
  }
}

/** An item ends after its slots, whatever the clocks of those say that wrote it. */
function byTime(a: QueueEvent, b: QueueEvent): number {
  const order = Number(a.slot_id === undefined) - Number(b.slot_id === undefined);
  return order !== 0 || a.at === b.at ? order : a.at < b.at ? -1 : 1;
}

function claimEvents(slot: WorkSlot, claim: Claim, word: string): QueueEvent[] {
  const { item_id, slot_id, token, worker_id, state, reason, result } = claim;
  const facts = {
    item_id,
    slot_id,
    token,
    worker_id,
    ...(slot.label === undefined ? {} : { label: slot.label }),
  };
  const claimed = { event: `${word}_claimed`, ...facts, at: claim.claimed_at };
  if (state === 'claimed') return [claimed];
  const { branch_name, commit_hash, smoke_test_pass } = result ?? {};
  const ended = {
    event: isEnd(state) ? `${word}_complete` : `${word}_released`,
    ...facts,
    state,
    ...(branch_name === undefined ? {} : { branch_name }),
    ...(commit_hash === undefined ? {} : { commit_hash }),
    ...(smoke_test_pass === undefined ? {} : { smoke_test_pass }),
    ...(reason === undefined ? {} : { reason }),
    at: claim.renewed_at,
  };
  return [claimed, ended];
}

const told: Readonly<Partial<Record<SlotEvent['event'], string>>> = {
  claimed: 'claimed',
  released: 'released',
  expired: 'expired',
  shipped: 'complete',
  failed: 'complete',
  dead: 'complete',
  cancelled: 'complete',
};

function toSlotEvent(said: SlotEvent, word: string): QueueEvent[] {
  const { item_id, slot_id, token, worker_id, event, at, reason } = said;
  const name = told[event];
  if (name === undefined) return [];
  const who = worker_id === undefined ? {} : { worker_id };
  const state = name === 'complete' ? { state: event } : {};
  const why = reason === undefined ? {} : { reason };
  return [{ event: `${word}_${name}`, item_id, slot_id, token, ...who, ...state, ...why, at }];
}

function toItemEvent({ item_id, event, at, ends }: ItemEvent, word: string): QueueEvent[] {
  if (event !== 'complete' && event !== 'cancelled') return [];
  return [{ event: `${word}_${event}`, item_id, ...(ends === undefined ? {} : { ends }), at }];
}
