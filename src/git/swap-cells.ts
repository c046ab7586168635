import type { Clock } from '../contracts/clock.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { fullJitter } from './backoff.ts';
import { cellCommit } from './cell-commit.ts';
import { commitMessage } from './commit-message.ts';
import type { PushBudget, PushPriority } from './push-budget.ts';
import { type CellSource, readCells } from './read-cells.ts';
import { isRefName } from './ref-name.ts';
import { type NewObject, noAnswer, type RefUpdate, type RefVerdict } from './ref-transport.ts';
import type { Oid } from './repository.ts';

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

/** What became of one swap. `taken`: somebody else moved the cell first, and it no longer is as expected. */
export type SwapVerdict =
  | { readonly result: 'swapped'; readonly commit: Oid | null }
  | { readonly result: 'taken' }
  /** `commit`: what was pushed. It may have arrived, and only the answer got lost. */
  | { readonly result: 'failed'; readonly error: unknown; readonly commit: Oid | null };

export interface CellOptions extends CellSource {
  readonly clock: Clock;
  readonly budget: PushBudget;
  readonly namespace: string;
  readonly author: { readonly name: string; readonly email: string };
}

/** A swap with what it would push. */
export interface PreparedSwap {
  readonly update: RefUpdate;
  readonly objects: readonly NewObject[];
}

/** Makes the commit of a swap in memory. Throws `unsafe-ref` and `unsafe-path`. */
export function prepareSwap(options: CellOptions, swap: CellSwap): PreparedSwap {
  const ref = cellRef(options, swap.space, swap.id);
  const { expected, next } = swap;
  if (next === null) return { update: { ref, expected, next: null }, objects: [] };
  const objects = cellCommit(next.path, next.content, {
    parents: expected === null ? [] : [expected],
    message: commitMessage([{ subject: next.subject }]),
    author: options.author,
    at: options.clock.now(),
  });
  return { update: { ref, expected, next: objects.at(-1)?.oid ?? null }, objects };
}

/** Throws `unsafe-ref`: one name that git refuses would take the whole push down with it. */
export function cellRef(options: Pick<CellOptions, 'namespace'>, space: string, id: string): string {
  const ref = `${options.namespace}/${space}/${id}`;
  if (isRefName(ref)) return ref;
  throw new MillwrightError(
    'unsafe-ref',
    `expected an id that can be the name of a ref, found ${JSON.stringify(id)}`,
    { data: { space, id } },
  );
}

/**
 * Pushes prepared swaps of different cells together. Each gets its own verdict, whatever befalls the others.
 * The caller has taken the turn for the first push.
 */
export async function swapCells(
  options: CellOptions,
  prepared: readonly PreparedSwap[],
  priority: PushPriority,
): Promise<SwapVerdict[]> {
  const stale = await withoutParent(options, prepared);
  const open = prepared.filter((one) => !stale.has(one));
  const answers = await pushUntilJudged(options, open, priority);
  return prepared.map((one) => (stale.has(one) ? taken : toSwapVerdict(one.update, answers.get(one))));
}

const taken: SwapVerdict = { result: 'taken' };

/**
 * A new commit has the expected one as its parent, so that has to be here; it may be another machine that
 * has seen it. What is fetched and still not here is no longer what the cell holds.
 */
async function withoutParent(
  options: CellOptions,
  prepared: readonly PreparedSwap[],
): Promise<Set<PreparedSwap>> {
  const unseen = await missingParent(options, prepared);
  await readCells(
    options,
    unseen.map(({ update }) => update.ref),
  );
  return new Set(await missingParent(options, unseen));
}

async function missingParent(
  { store }: CellOptions,
  prepared: readonly PreparedSwap[],
): Promise<PreparedSwap[]> {
  const here = await Promise.all(
    prepared.map(async ({ update: { expected, next } }) => {
      return expected === null || next === null || (await store.read(expected)) !== undefined;
    }),
  );
  return prepared.filter((_, at) => !here[at]);
}

/** What became of one update, and where the ref is now when that had to be asked. */
interface Answer {
  readonly verdict: RefVerdict;
  readonly now?: Oid | null;
  readonly error?: unknown;
}

/**
 * A "no" for a cell that still is as expected is no lost race: another push held a lock of the server at
 * that moment, or the connection broke. It is pushed again a few times.
 */
async function pushUntilJudged(
  options: CellOptions,
  prepared: readonly PreparedSwap[],
  priority: PushPriority,
): Promise<Map<PreparedSwap, Answer>> {
  const answers = new Map<PreparedSwap, Answer>();
  let open = prepared;
  for (let attempt = 0; open.length > 0 && attempt < TRIES; attempt += 1) {
    if (attempt > 0) {
      await options.clock.sleep(fullJitter(attempt, Math.random, 50));
      await options.budget.take(priority);
    }
    const said = await pushOnce(options, open);
    for (const [at, one] of open.entries()) answers.set(one, said[at] ?? { verdict: noAnswer });
    open = open.filter((one) => isUndecided(one.update, answers.get(one)));
  }
  return answers;
}

const TRIES = 5;

function isUndecided({ expected, next }: RefUpdate, answer: Answer | undefined): boolean {
  if (answer?.verdict.result !== 'lost' || expected === next || answer.error !== undefined) return false;
  // A new cell that is there no more, and still a sure "no": it was taken and let go meanwhile.
  if (expected === null && answer.verdict.certain === true) return false;
  return answer.now === expected;
}

async function pushOnce(options: CellOptions, open: readonly PreparedSwap[]): Promise<Answer[]> {
  const updates = open.map(({ update }) => update);
  const objects = open.flatMap((one) => one.objects);
  try {
    const verdicts = await options.transport.push(updates, objects);
    options.store.remember(objects);
    return await withPresent(options, updates, verdicts);
  } catch (error) {
    return lookAfterError(options, updates, error);
  }
}

/** Where the lost ones are now: some have not been lost, and some hold our own commit. */
async function withPresent(
  options: CellOptions,
  updates: readonly RefUpdate[],
  verdicts: readonly RefVerdict[],
): Promise<Answer[]> {
  const unclear = updates.filter(({ expected }, at) => {
    const verdict = verdicts[at] ?? noAnswer;
    // A claim that was surely lost is decided: nobody has to be asked.
    return verdict.result === 'lost' && (expected !== null || verdict.certain !== true);
  });
  const now = unclear.length === 0 ? new Map() : await options.transport.look(unclear.map(({ ref }) => ref));
  return updates.map((update, at) => {
    const verdict = verdicts[at] ?? noAnswer;
    return unclear.includes(update) ? { verdict, now: now.get(update.ref) ?? null } : { verdict };
  });
}

/** After an error each cell is asked whether it holds our commit: a lost answer is not a lost swap. */
async function lookAfterError(
  { transport }: CellOptions,
  updates: readonly RefUpdate[],
  error: unknown,
): Promise<Answer[]> {
  const now = await transport.look(updates.map(({ ref }) => ref)).catch(() => undefined);
  const at = (ref: string) => now?.get(ref) ?? null;
  const isOurs = ({ ref, expected, next }: RefUpdate) =>
    now !== undefined && expected !== next && at(ref) === next;
  if (!updates.some(isOurs)) return updates.map(() => ({ verdict: noAnswer, error }));
  return updates.map((update) =>
    isOurs(update) ? { verdict: { result: 'moved' } } : { verdict: noAnswer, now: at(update.ref) },
  );
}

function toSwapVerdict(update: RefUpdate, answer: Answer | undefined): SwapVerdict {
  const { verdict = noAnswer, now, error } = answer ?? {};
  const failed = (why: unknown) => ({ result: 'failed', error: why, commit: update.next }) as const;
  if (error !== undefined) return failed(error);
  if (verdict.result === 'moved') return { result: 'swapped', commit: update.next };
  // Our own commit, found there: an earlier try whose answer was lost.
  if (update.next !== null && now === update.next) return { result: 'swapped', commit: update.next };
  if (verdict.result === 'refused') return failed(refused(update.ref, verdict));
  return isUndecided(update, answer) ? failed(undecided(update.ref, verdict)) : taken;
}

function refused(ref: string, { detail, hint }: { detail: string; hint: string }): MillwrightError {
  return new MillwrightError('push-refused', `the remote refused to move ${ref}: ${detail}`, {
    hint,
    data: { ref },
  });
}

function undecided(ref: string, { detail }: { detail: string }): MillwrightError {
  return new MillwrightError('ref-locked', `could not move ${ref}: ${detail}`, {
    hint: 'if no git command is running, remove the ".lock" file of that ref in the repository',
    retry: 'back-off',
    data: { ref },
  });
}
