/** Where live work lies in a workspace. Design section 2. */
export const ITEMS = 'queue/items';
export const SLOTS = 'queue/slots';
export const DEAD = 'queue/dead';

/** The space of the cells that hold claims. */
export const SLOT_SPACE = 'slots';

export function itemPath(itemId: string): string {
  return `${ITEMS}/${itemId}.yaml`;
}

export function slotPath(slotId: string): string {
  return `${SLOTS}/${slotId}.json`;
}

export function claimPath(slotId: string): string {
  return `queue/claims/${slotId}.json`;
}

export function deadPath(slotId: string): string {
  return `${DEAD}/${slotId}.json`;
}
