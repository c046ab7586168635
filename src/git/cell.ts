import type { Clock } from '../contracts/clock.ts';
import type { ObjectStore } from './object-store.ts';
import type { PushBudget, PushPriority } from './push-budget.ts';
import { readCells } from './read-cells.ts';
import type { RefTransport } from './ref-transport.ts';
import type { Oid } from './repository.ts';
import { cellRef, swapCells } from './swap-cells.ts';

/** What a cell holds now: one file, and the commit that put it there. */
export interface CellValue {
  readonly commit: Oid;
  readonly path: string;
  readonly content: Buffer;
}

export interface CellSwap {
  readonly space: string;
  readonly id: string;
  /** The commit that the caller has seen; null: the cell must be empty. */
  readonly expected: Oid | null;
  /** null deletes the cell. */
  readonly next: {
    readonly path: string;
    readonly content: string | Uint8Array;
    readonly subject: string;
  } | null;
}

/** `taken` carries what won instead, so that the caller can say by whom. null: it is gone. */
export type CellVerdict =
  | { readonly result: 'swapped'; readonly commit: Oid | null }
  | { readonly result: 'taken'; readonly by: CellValue | null };

export interface CellOptions {
  readonly transport: RefTransport;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly budget: PushBudget;
  readonly namespace: string;
  readonly author: { readonly name: string; readonly email: string };
}

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
