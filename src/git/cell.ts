import { MillwrightError } from '../contracts/millwright-error.ts';
import { groupSwaps } from './group-swaps.ts';
import type { PushPriority } from './push-budget.ts';
import { type CellValue, readCells } from './read-cells.ts';
import type { Oid } from './repository.ts';
import { type CellOptions, type CellSwap, cellRef, type SwapVerdict } from './swap-cells.ts';

/** `taken` carries what won instead, so that the caller can say by whom. null: it is gone. */
export type CellVerdict =
  | { readonly result: 'swapped'; readonly commit: Oid | null }
  | { readonly result: 'taken'; readonly by: CellValue | null };

/**
 * Cells: small refs of their own that hold one file each. Cells never contend with each other. Swaps that are
 * asked for while a push is under way leave together as the next one, and each gets its own verdict.
 */
export interface Cells {
  /** Throws what went wrong with any of them; `data.swapped` then names the refs that were swapped. */
  swap(swaps: readonly CellSwap[], priority: PushPriority): Promise<CellVerdict[]>;
  /** As `swap`, one verdict each and nothing thrown; and nobody is asked who was first. */
  trySwap(swaps: readonly CellSwap[], priority: PushPriority): Promise<SwapVerdict[]>;
  read(space: string, id: string): Promise<CellValue | null>;
  /** Every cell of a space, by id. */
  readAll(space: string): Promise<Map<string, CellValue>>;
}

export function openCells(options: CellOptions): Cells {
  const trySwap = groupSwaps(options);
  return {
    trySwap,
    swap: async (swaps, priority) => withWinners(options, swaps, await trySwap(swaps, priority)),
    read: async (space, id) =>
      (await readCells(options, [cellRef(options, space, id)])).values().next().value ?? null,
    readAll: async (space) => {
      const prefix = `${options.namespace}/${space}/`;
      const refs = [...(await options.transport.look([prefix])).keys()];
      const values = await readCells(options, refs);
      return new Map([...values].map(([ref, value]) => [ref.slice(prefix.length), value]));
    },
  };
}

async function withWinners(
  options: CellOptions,
  swaps: readonly CellSwap[],
  verdicts: readonly SwapVerdict[],
): Promise<CellVerdict[]> {
  const refs = swaps.map(({ space, id }) => cellRef(options, space, id));
  const failed = verdicts.find((verdict) => verdict.result === 'failed');
  if (failed !== undefined) throw withSwapped(failed.error, refs, verdicts);
  const lost = refs.filter((_, at) => verdicts[at]?.result === 'taken');
  const winners = await readCells(options, lost);
  return verdicts.map((verdict, at) =>
    verdict.result === 'swapped' ? verdict : { result: 'taken', by: winners.get(refs[at] ?? '') ?? null },
  );
}

/** Cells of the same call may have been swapped all the same: the error names them. */
function withSwapped(error: unknown, refs: readonly string[], verdicts: readonly SwapVerdict[]): unknown {
  if (!(error instanceof MillwrightError)) return error;
  const swapped = refs.filter((_, at) => verdicts[at]?.result === 'swapped');
  const { code, message, hint, retry, data, cause } = error;
  return new MillwrightError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    retry,
    data: { ...data, swapped },
    cause,
  });
}
