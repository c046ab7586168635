import type { Clock } from '../contracts/clock.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { fullJitter } from './backoff.ts';
import { commitMessage } from './commit-message.ts';
import { applyEdits } from './edit.ts';
import { emptyTree } from './object-store.ts';
import type { PushBudget, PushPriority } from './push-budget.ts';
import { type CellSource, type CellValue, readCells } from './read-cells.ts';
import { isRefName } from './ref-name.ts';
import { noAnswer, type RefUpdate, type RefVerdict } from './ref-transport.ts';
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

/** `taken` carries what won instead, so that the caller can say by whom. null: it is gone. */
export type CellVerdict =
  | { readonly result: 'swapped'; readonly commit: Oid | null }
  | { readonly result: 'taken'; readonly by: CellValue | null };

export interface CellOptions extends CellSource {
  readonly clock: Clock;
  readonly budget: PushBudget;
  readonly namespace: string;
  readonly author: { readonly name: string; readonly email: string };
}

/** Makes the commits, pushes them together, and finds out for each who has the cell now. */
export async function swapCells(
  options: CellOptions,
  swaps: readonly CellSwap[],
  priority: PushPriority,
): Promise<CellVerdict[]> {
  const refs = swaps.map(({ space, id }) => cellRef(options, space, id));
  const stale = await staleCells(options, swaps);
  const updates: RefUpdate[] = [];
  for (const [at, swap] of swaps.entries()) {
    const ref = refs[at] ?? '';
    if (stale.has(ref)) continue;
    updates.push({ ref, expected: swap.expected, next: await writeCell(options, swap) });
  }
  const answers = await pushUntilJudged(options, updates, priority);
  for (const [ref, now] of stale) answers.set(ref, { ref, next: null, verdict: noAnswer, now });
  return refs.map((ref) => toCellVerdict(answers.get(ref)));
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
 * A new commit has the expected one as its parent, so that has to be here; it may be another machine that
 * has seen it. What is fetched and still not here is no longer what the cell holds.
 */
async function staleCells(
  options: CellOptions,
  swaps: readonly CellSwap[],
): Promise<Map<string, CellValue | null>> {
  const refOf = ({ space, id }: CellSwap) => cellRef(options, space, id);
  const unseen = await withoutParent(options, swaps);
  const found = await readCells(options, unseen.map(refOf));
  const stale = await withoutParent(options, unseen);
  return new Map(stale.map((swap) => [refOf(swap), found.get(refOf(swap)) ?? null]));
}

async function withoutParent({ store }: CellOptions, swaps: readonly CellSwap[]): Promise<CellSwap[]> {
  const isHere = async ({ expected, next }: CellSwap) =>
    expected === null || next === null || (await store.read(expected)) !== undefined;
  const here = await Promise.all(swaps.map(isHere));
  return swaps.filter((_, at) => !here[at]);
}

/** What became of one update and, if it was lost, what the cell holds now. */
interface Answer {
  readonly ref: string;
  readonly next: Oid | null;
  readonly verdict: RefVerdict;
  readonly now: CellValue | null;
}

/**
 * A "no" for a cell that still is as expected is no lost race: another push held a lock of the server at
 * that moment, or the connection broke. It is pushed again a few times.
 */
async function pushUntilJudged(
  options: CellOptions,
  updates: readonly RefUpdate[],
  priority: PushPriority,
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  let open = updates;
  for (let attempt = 0; open.length > 0; attempt += 1) {
    if (attempt === TRIES) throw undecided(open, answers);
    if (attempt > 0) await options.clock.sleep(fullJitter(attempt, Math.random, 50));
    await options.budget.take(priority);
    for (const answer of await pushOnce(options, open)) answers.set(answer.ref, answer);
    open = open.filter((update) => isUndecided(update, answers.get(update.ref)));
  }
  const refusal = [...answers.values()].find(({ verdict }) => verdict.result === 'refused');
  if (refusal !== undefined) throw refused(refusal, answers);
  return answers;
}

const TRIES = 5;

function isUndecided({ expected, next }: RefUpdate, answer: Answer | undefined): boolean {
  const still = answer?.verdict.result === 'lost' && (answer.now?.commit ?? null) === expected;
  // A new cell that is not there, and still a plain "no": it was taken and let go meanwhile.
  return still && expected !== next && (expected !== null || answer.verdict === noAnswer);
}

async function pushOnce(options: CellOptions, updates: readonly RefUpdate[]): Promise<Answer[]> {
  const verdicts = await pushOrLook(options, updates);
  const lost = updates.filter((_, at) => verdicts[at]?.result === 'lost').map(({ ref }) => ref);
  const found = await readCells(options, lost);
  return updates.map(({ ref, next }, at) => ({
    ref,
    next,
    verdict: verdicts[at] ?? noAnswer,
    now: found.get(ref) ?? null,
  }));
}

/** After an error each cell is asked whether it holds our commit: a lost answer is not a lost swap. */
async function pushOrLook(options: CellOptions, updates: readonly RefUpdate[]): Promise<RefVerdict[]> {
  try {
    return await options.transport.push(updates);
  } catch (error) {
    const refs = updates.map(({ ref }) => ref);
    const now = await options.transport.read(refs).catch(() => undefined);
    const isOurs = ({ ref, expected, next }: RefUpdate) =>
      now !== undefined && expected !== next && (now.get(ref) ?? null) === next;
    if (!updates.some(isOurs)) throw error;
    return updates.map((update) => (isOurs(update) ? { result: 'moved' } : noAnswer));
  }
}

function toCellVerdict(answer: Answer | undefined): CellVerdict {
  const { next = null, now = null, verdict } = answer ?? {};
  if (verdict?.result === 'moved') return { result: 'swapped', commit: next };
  // Our own commit, found there: an earlier try whose answer was lost.
  if (next !== null && now?.commit === next) return { result: 'swapped', commit: next };
  return { result: 'taken', by: now };
}

/** Cells of the same call may have been swapped all the same: the error names them. */
function refused({ ref, verdict }: Answer, answers: ReadonlyMap<string, Answer>): MillwrightError {
  const words = verdict.result === 'refused' ? verdict : { detail: '', hint: '' };
  return new MillwrightError('push-refused', `the remote refused to move ${ref}: ${words.detail}`, {
    hint: words.hint,
    data: { ref, swapped: swappedRefs(answers) },
  });
}

function undecided(open: readonly RefUpdate[], answers: ReadonlyMap<string, Answer>): MillwrightError {
  const refs = open.map(({ ref }) => ref);
  const verdict = answers.get(refs[0] ?? '')?.verdict;
  const detail = verdict?.result === 'lost' ? verdict.detail : '';
  return new MillwrightError('ref-locked', `could not move ${refs.join(', ')}: ${detail}`, {
    hint: 'if no git command is running, remove the ".lock" file of that ref in the repository',
    retry: 'back-off',
    data: { refs, swapped: swappedRefs(answers) },
  });
}

function swappedRefs(answers: ReadonlyMap<string, Answer>): string[] {
  return [...answers.values()].filter(({ verdict }) => verdict.result === 'moved').map(({ ref }) => ref);
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
