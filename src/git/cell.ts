import type { PushPriority } from './push-budget.ts';
import { type CellValue, readCells } from './read-cells.ts';
import { type CellOptions, type CellSwap, type CellVerdict, cellRef, swapCells } from './swap-cells.ts';

/**
 * Cells: small refs of their own that hold one file each. Cells never contend with each other. All swaps
 * of one call leave as one push, and each gets its own verdict.
 */
export interface Cells {
  swap(swaps: readonly CellSwap[], priority: PushPriority): Promise<CellVerdict[]>;
  read(space: string, id: string): Promise<CellValue | null>;
  /** Every cell of a space, by id. */
  readAll(space: string): Promise<Map<string, CellValue>>;
}

export function openCells(options: CellOptions): Cells {
  return {
    swap: (swaps, priority) => swapCells(options, swaps, priority),
    read: async (space, id) =>
      (await readCells(options, [cellRef(options, space, id)])).values().next().value ?? null,
    readAll: async (space) => {
      const prefix = `${options.namespace}/${space}/`;
      const refs = [...(await options.transport.list(prefix)).keys()];
      const values = await readCells(options, refs);
      return new Map([...values].map(([ref, value]) => [ref.slice(prefix.length), value]));
    },
  };
}
