import { stringify } from 'yaml';
import { derivedId } from '../contracts/ids.ts';
import type { Contract } from '../contracts/record.ts';
import type { Settings } from '../contracts/settings.ts';
import { type ItemEvent, itemEvent } from '../contracts/slot-event.ts';
import { type WorkItem, type WorkSlot, workItem, workSlot } from '../contracts/work.ts';
import type { Edit } from '../git/edit.ts';
import type { FollowUp } from '../ledger/record-contracts.ts';
import { itemPath, slotPath } from './paths.ts';
import type { Recipe } from './recipe.ts';

/** What a new record of each recipe's kind brings along in its own commit: the item and its slots. */
export function followUps(recipes: readonly Recipe[], settings: Settings): ReadonlyMap<string, FollowUp> {
  return new Map(
    recipes.map((recipe) => [recipe.kind, (contract, at) => enqueue(recipe, contract, settings, at)]),
  );
}

/** Pure: the files of an item and its slots, and the record that says that they were queued. */
export function enqueue(
  recipe: Recipe,
  contract: Contract,
  settings: Settings,
  at: Date,
): { edits: Edit[]; contracts: Contract[] } {
  const draft = recipe.split(contract, settings);
  const created_at = at.toISOString();
  const shared = { item_id: contract.id, kind: recipe.kind, recipe: recipe.name, priority: draft.priority };
  const { lease_seconds, max_attempts, smoke } = settings.work;
  const common = {
    ...shared,
    created_at,
    lease_seconds,
    max_attempts,
    ...(smoke === undefined ? {} : { smoke }),
  };
  const slots = draft.slots.map((slot) => workSlot.parse({ ...common, ...slot }));
  const ids = slots.map(({ slot_id: id }) => id);
  const item = workItem.parse({ ...shared, title: draft.title, created_at, slots: ids });
  return { edits: [putItem(item), ...slots.map(putSlot)], contracts: [queuedEvent(item, at)] };
}

export function putItem(item: WorkItem): Edit {
  return { put: itemPath(item.item_id), content: stringify(item, { lineWidth: 120 }) };
}

export function putSlot(slot: WorkSlot): Edit {
  return { put: slotPath(slot.slot_id), content: `${JSON.stringify(slot, null, 2)}\n` };
}

function queuedEvent(item: WorkItem, at: Date): Contract {
  return itemEventOf(item, { event: 'queued', at: at.toISOString(), slots: item.slots });
}

/** An event of an item. Its id comes from what it says, so that saying it twice records it once. */
export function itemEventOf(
  { item_id, kind }: Pick<WorkItem, 'item_id' | 'kind'>,
  said: Pick<ItemEvent, 'event' | 'at' | 'slots'> & Partial<ItemEvent>,
): Contract {
  const id = derivedId(new Date(said.at), ['item_event', item_id, said.event, ...said.slots]);
  const fields = { item_event_id: id, item_id, item_kind: kind, ...said };
  return { id, kind: itemEvent, source: 'queue', fields };
}
