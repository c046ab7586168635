import type { Clock } from '../contracts/clock.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { commitMessage } from './commit-message.ts';
import { applyEdits } from './edit.ts';
import { emptyTree, type ObjectStore } from './object-store.ts';
import type { PushBudget, PushPriority } from './push-budget.ts';
import type { RefTransport, RefVerdict } from './ref-transport.ts';
import type { Oid } from './repository.ts';
import { Snapshot } from './snapshot.ts';
import { isFolder } from './tree.ts';

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
      (await readRefs(options, [cellRef(options, space, id)])).values().next().value ?? null,
    readAll: async (space) => {
      const prefix = cellRef(options, space, '');
      const refs = [...(await options.transport.list(prefix)).keys()];
      const values = await readRefs(options, refs);
      return new Map([...values].map(([ref, value]) => [ref.slice(prefix.length), value]));
    },
  };
}

function cellRef(options: CellOptions, space: string, id: string): string {
  return `${options.namespace}/${space}/${id}`;
}

async function swapCells(
  options: CellOptions,
  swaps: readonly CellSwap[],
  priority: PushPriority,
): Promise<CellVerdict[]> {
  const commits = await Promise.all(swaps.map((swap) => writeCell(options, swap)));
  const updates = swaps.map((swap, at) => ({
    ref: cellRef(options, swap.space, swap.id),
    expected: swap.expected,
    next: commits[at] ?? null,
  }));
  await options.budget.take(priority);
  const verdicts = await pushOrLook(options, updates);
  const lost = updates.filter((_, at) => verdicts[at]?.result === 'lost').map(({ ref }) => ref);
  const winners = lost.length === 0 ? new Map<string, CellValue>() : await readRefs(options, lost);
  return updates.map((update, at) => toCellVerdict(update, verdicts[at], winners));
}

type Update = { readonly ref: string; readonly expected: Oid | null; readonly next: Oid | null };

/** After an error each cell is asked whether it holds our commit: a lost answer is not a lost swap. */
async function pushOrLook(options: CellOptions, updates: readonly Update[]): Promise<RefVerdict[]> {
  try {
    return await options.transport.push(updates);
  } catch (error) {
    const now = await options.transport.read(updates.map(({ ref }) => ref)).catch(() => undefined);
    const ours = updates.filter(({ ref, next }) => now !== undefined && (now.get(ref) ?? null) === next);
    if (ours.length === 0) throw error;
    return updates.map((update) =>
      ours.includes(update) ? { result: 'moved' } : { result: 'lost', detail: 'no answer' },
    );
  }
}

function toCellVerdict(
  update: Update,
  verdict: RefVerdict | undefined,
  winners: ReadonlyMap<string, CellValue>,
): CellVerdict {
  if (verdict?.result === 'moved') return { result: 'swapped', commit: update.next };
  const winner = winners.get(update.ref);
  // Our own commit, found there: an earlier try whose answer was lost.
  if (winner !== undefined && winner.commit === update.next)
    return { result: 'swapped', commit: update.next };
  if (verdict?.result === 'refused') {
    throw new MillwrightError('push-refused', `the remote refused to move ${update.ref}: ${verdict.detail}`, {
      hint: verdict.hint,
    });
  }
  return { result: 'taken', by: winner ?? null };
}

async function writeCell(options: CellOptions, swap: CellSwap): Promise<Oid | null> {
  if (swap.next === null) return null;
  const { store, author, clock } = options;
  const tree = await applyEdits(store, emptyTree, [{ put: swap.next.path, content: swap.next.content }]);
  const message = commitMessage([{ subject: swap.next.subject }]);
  return store.writeCommit({
    tree,
    parents: swap.expected === null ? [] : [swap.expected],
    message,
    author,
    at: clock.now(),
  });
}

async function readRefs(options: CellOptions, refs: readonly string[]): Promise<Map<string, CellValue>> {
  if (refs.length === 0) return new Map();
  const found = await options.transport.read(refs);
  const values = await Promise.all(
    [...found].map(async ([ref, commit]) => [ref, await readCell(options.store, commit)] as const),
  );
  return new Map(values.flatMap(([ref, value]) => (value === undefined ? [] : [[ref, value]])));
}

/** A cell's tree holds one file, however deep. */
async function readCell(store: ObjectStore, commit: Oid): Promise<CellValue | undefined> {
  const found = await store.read(`${commit}^{tree}`);
  if (found === undefined) return undefined;
  const snapshot = new Snapshot(store, found.oid);
  for await (const { path, entry } of snapshot.walk('')) {
    if (!isFolder(entry)) return { commit, path, content: await snapshot.blob(entry.oid) };
  }
  return undefined;
}
