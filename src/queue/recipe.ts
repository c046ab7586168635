import type { Contract } from '../contracts/record.ts';
import type { Settings } from '../contracts/settings.ts';
import type { WorkItem, WorkSlot } from '../contracts/work.ts';

/** A slot as a recipe gives it; what all slots of an item share is added by the engine. */
export type SlotDraft = Pick<WorkSlot, 'slot_id' | 'prompt' | 'persona' | 'branch'> &
  Partial<Pick<WorkSlot, 'needs' | 'model' | 'domain' | 'label' | 'smoke' | 'variables' | 'lease_seconds'>>;

export interface ItemDraft {
  readonly title: string;
  readonly priority: number;
  readonly slots: readonly SlotDraft[];
}

/** How one kind of contract becomes work: what splits it into slots. Each loop's room has its own. */
export interface Recipe {
  readonly name: string;
  /** The kind of contract whose records become items. */
  readonly kind: string;
  /** How events call an item and its slots: `thought_complete`, `variant_claimed`. */
  readonly words: { readonly item: string; readonly slot: string };
  /** Pure. Slot ids are unique over all items. */
  split(contract: Contract, settings: Settings): ItemDraft;
}

/** The words for an item whose recipe this version does not know. */
export const plainWords: Recipe['words'] = { item: 'item', slot: 'slot' };

export function wordsOf(recipes: readonly Recipe[], item: Pick<WorkItem, 'recipe'>): Recipe['words'] {
  return recipes.find(({ name }) => name === item.recipe)?.words ?? plainWords;
}
