import type { LedgerEvidence, Placed } from './evidence.ts';
import type { RecordedEnd } from './judge-records.ts';
import type { SlotStory } from './slot-stories.ts';
import type { ItemFile, ItemStatement } from './statements.ts';

/** Everything that the ledger says about one item. */
export interface ItemStory {
  readonly item: string;
  readonly file: Placed<ItemFile> | undefined;
  /** Each once, in the order in which they were recorded. */
  readonly events: readonly Placed<ItemStatement>[];
  /** How its slots ended, in their present lives. */
  readonly ends: ReadonlyMap<string, RecordedEnd>;
}

/** Gathers what the ledger says by item. Pure. */
export function itemStories(ledger: LedgerEvidence, slots: readonly SlotStory[]): ItemStory[] {
  const events = new Map<string, Map<string, Placed<ItemStatement>>>();
  for (const event of ledger.itemEvents) {
    const { id, item_id: item } = event.said;
    const mine = events.get(item) ?? new Map<string, Placed<ItemStatement>>();
    events.set(item, mine);
    if (!mine.has(id)) mine.set(id, event);
  }
  const ends = endsByItem(slots);
  const all = new Set([...ledger.items.keys(), ...events.keys(), ...ends.keys()]);
  return [...all].map((item) => ({
    item,
    file: ledger.items.get(item),
    events: [...(events.get(item)?.values() ?? [])],
    ends: ends.get(item) ?? new Map(),
  }));
}

function endsByItem(slots: readonly SlotStory[]): Map<string, Map<string, RecordedEnd>> {
  const items = new Map<string, Map<string, RecordedEnd>>();
  for (const { slot, item = '', replay } of slots) {
    const mine = items.get(item) ?? new Map<string, RecordedEnd>();
    items.set(item, mine);
    if (replay.end !== undefined) mine.set(slot, replay.end);
  }
  return items;
}
