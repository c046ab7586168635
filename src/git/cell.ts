import type { Clock } from '../contracts/clock.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { fullJitter } from './backoff.ts';
import { commitMessage } from './commit-message.ts';
import { applyEdits } from './edit.ts';
import { emptyTree, type ObjectStore } from './object-store.ts';
import type { PushBudget, PushPriority } from './push-budget.ts';
import { isRefName } from './ref-name.ts';
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
      const prefix = `${options.namespace}/${space}/`;
      const refs = [...(await options.transport.list(prefix)).keys()];
      const values = await readRefs(options, refs);
      return new Map([...values].map(([ref, value]) => [ref.slice(prefix.length), value]));
    },
  };
}

/** Throws `unsafe-ref`: one name that git refuses would take the whole push down with it. */
function cellRef(options: CellOptions, space: string, id: string): string {
  const ref = `${options.namespace}/${space}/${id}`;
  if (isRefName(ref)) return ref;
  throw new MillwrightError(
    'unsafe-ref',
    `expected an id that can be the name of a ref, found ${JSON.stringify(id)}`,
    {
      data: { space, id },
    },
  );
}

async function swapCells(
  options: CellOptions,
  swaps: readonly CellSwap[],
  priority: PushPriority,
): Promise<CellVerdict[]> {
  if (swaps.length === 0) return [];
  const refs = swaps.map(({ space, id }) => cellRef(options, space, id));
  const commits = await Promise.all(swaps.map((swap) => writeCell(options, swap)));
  const updates = swaps.map(({ expected }, at) => ({
    ref: refs[at] ?? '',
    expected,
    next: commits[at] ?? null,
  }));
  const answers = await pushUntilJudged(options, updates, priority);
  const refusal = [...answers.values()].find(({ verdict }) => verdict.result === 'refused');
  if (refusal !== undefined) throw refused(refusal, answers);
  return updates.map((update) => toCellVerdict(update, answers.get(update.ref)));
}

/** What the transport said about one cell and, if it was lost, what the cell holds now. */
interface Answer {
  readonly ref: string;
  readonly verdict: RefVerdict;
  readonly now: CellValue | null;
}

/**
 * A "no" for a cell that still is as expected is no lost race: another push held a lock of the server at
 * that moment. It is pushed again a few times.
 */
async function pushUntilJudged(
  options: CellOptions,
  updates: readonly Update[],
  priority: PushPriority,
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  let open = updates;
  for (let attempt = 0; open.length > 0; attempt += 1) {
    if (attempt === TRIES) throw locked(open);
    if (attempt > 0) await options.clock.sleep(fullJitter(attempt, Math.random, 50));
    await options.budget.take(priority);
    for (const answer of await pushOnce(options, open)) answers.set(answer.ref, answer);
    open = open.filter((update) => isUndecided(update, answers.get(update.ref)));
  }
  return answers;
}

const TRIES = 5;

function isUndecided({ expected, next }: Update, answer: Answer | undefined): boolean {
  const still = answer?.verdict.result === 'lost' && (answer.now?.commit ?? null) === expected;
  // A new cell that is not there was taken and let go meanwhile: that is an answer.
  return still && expected !== null && expected !== next;
}

async function pushOnce(options: CellOptions, updates: readonly Update[]): Promise<Answer[]> {
  const verdicts = await pushOrLook(options, updates);
  const lost = updates.filter((_, at) => verdicts[at]?.result === 'lost').map(({ ref }) => ref);
  const found = await readRefs(options, lost);
  return updates.map(({ ref }, at) => ({
    ref,
    verdict: verdicts[at] ?? { result: 'lost', detail: 'no answer' },
    now: found.get(ref) ?? null,
  }));
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

function toCellVerdict({ next }: Update, answer: Answer | undefined): CellVerdict {
  if (answer?.verdict.result === 'moved') return { result: 'swapped', commit: next };
  const now = answer?.now ?? null;
  // Our own commit, found there: an earlier try whose answer was lost.
  if (next !== null && now?.commit === next) return { result: 'swapped', commit: next };
  return { result: 'taken', by: now };
}

/** Cells of the same call may have been swapped all the same: the error names them. */
function refused(refusal: Answer, answers: ReadonlyMap<string, Answer>): MillwrightError {
  const { ref, verdict } = refusal;
  const swapped = [...answers.values()].filter((one) => one.verdict.result === 'moved').map((one) => one.ref);
  return new MillwrightError(
    'push-refused',
    `the remote refused to move ${ref}: ${'detail' in verdict ? verdict.detail : ''}`,
    { data: { ref, swapped }, ...('hint' in verdict ? { hint: verdict.hint } : {}) },
  );
}

function locked(open: readonly Update[]): MillwrightError {
  const refs = open.map(({ ref }) => ref);
  return new MillwrightError(
    'ref-locked',
    `could not move ${refs.join(', ')}: another process holds its lock`,
    {
      hint: 'if no git command is running, remove the ".lock" file of that ref in the repository',
      retry: 'back-off',
      data: { refs },
    },
  );
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
  const values = [...found].map(
    async ([ref, commit]) => [ref, await readCell(options.store, commit)] as const,
  );
  return new Map(await Promise.all(values));
}

/** A cell's tree holds one file, however deep. One that somebody made otherwise is taken all the same. */
async function readCell(store: ObjectStore, commit: Oid): Promise<CellValue> {
  const snapshot = new Snapshot(store, (await store.existing(`${commit}^{tree}`)).oid);
  for await (const { path, entry } of snapshot.walk('')) {
    if (!isFolder(entry)) return { commit, path, content: await snapshot.blob(entry.oid) };
  }
  return { commit, path: '', content: Buffer.alloc(0) };
}
