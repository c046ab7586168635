import { faultPoint } from '../contracts/fault-point.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { fullJitter } from './backoff.ts';
import { type BranchAt, isAncestor, moveTip, readTip, refused } from './branch.ts';
import { type CommitWords, commitMessage } from './commit-message.ts';
import { applyEdits, type Edit } from './edit.ts';
import { emptyTree, type ObjectStore } from './object-store.ts';
import { type PushPriority, pushPriority } from './push-budget.ts';
import { readAgain } from './read-again.ts';
import type { RefVerdict } from './ref-transport.ts';
import type { Oid } from './repository.ts';
import { Snapshot } from './snapshot.ts';

export interface Decision<T> {
  readonly edits: readonly Edit[];
  readonly value: T;
}

export interface TransactionWords extends CommitWords {
  readonly priority?: PushPriority;
  /** Further parents of the commit: what a merge brings in. */
  readonly merges?: readonly Oid[];
}

export interface Transacted<T> {
  readonly value: T;
  /** The commit that holds the edits; null when there was nothing to change. */
  readonly commit: Oid | null;
}

/** A view of the tip, and the commit that it shows. */
export interface Tip {
  readonly commit: Oid | null;
  readonly snapshot: Snapshot;
}

/**
 * A branch as one serial history of whole-tree transactions.
 *
 * `decide` sees a read-only snapshot and returns edits. It may be called again, on a newer snapshot, when
 * another writer was first; so it must decide from the snapshot alone. Transactions that arrive while a
 * publish is under way are decided one after the other and leave as one commit.
 */
export interface Log {
  transact<T>(
    words: TransactionWords,
    decide: (snapshot: Snapshot) => Promise<Decision<T>>,
  ): Promise<Transacted<T>>;
  /** The tip as the place of truth has it now. */
  tip(): Promise<Tip>;
}

export interface LogOptions {
  readonly at: BranchAt;
  readonly store: ObjectStore;
  readonly author: { readonly name: string; readonly email: string };
  readonly attempts: number;
  readonly random?: () => number;
}

interface Pending {
  readonly words: TransactionWords;
  decide(snapshot: Snapshot): Promise<Decision<unknown>>;
  resolve(done: Transacted<unknown>): void;
  reject(error: unknown): void;
}

interface Decided {
  readonly pending: Pending;
  readonly value: unknown;
  readonly changed: boolean;
}

export function openLog(options: LogOptions): Log {
  const waiting: Pending[] = [];
  let running = false;

  const drain = async (): Promise<void> => {
    running = true;
    // What is asked for in the same breath leaves together.
    await Promise.resolve();
    while (waiting.length > 0) await publishGroup(options, takeGroup(waiting));
    running = false;
  };

  return {
    tip: async () => {
      const commit = await readTip(options.at);
      return { commit, snapshot: new Snapshot(options.store, await treeAt(options, commit)) };
    },
    transact: <T>(words: TransactionWords, decide: (snapshot: Snapshot) => Promise<Decision<T>>) =>
      new Promise<Transacted<T>>((resolve, reject) => {
        waiting.push({ words, decide, resolve: resolve as (done: Transacted<unknown>) => void, reject });
        if (!running) drain().catch(reject);
      }),
  };
}

/** A merge has parents of its own and therefore leaves alone; everything else leaves together. */
function takeGroup(waiting: Pending[]): Pending[] {
  const at = waiting.findIndex(({ words }) => words.merges !== undefined);
  return waiting.splice(0, at === -1 ? waiting.length : Math.max(at, 1));
}

async function publishGroup(options: LogOptions, group: readonly Pending[]): Promise<void> {
  try {
    await readAgain(options.at.remote, [`refs/heads/${options.at.branch}`], () => publish(options, group));
  } catch (error) {
    for (const pending of group) pending.reject(error);
  }
}

/** Decides on the tip, commits, swaps; on a lost race from the start. Bounded by `attempts`. */
async function publish(options: LogOptions, group: readonly Pending[]): Promise<void> {
  let left = group;
  let detail = '';
  for (let attempt = 0; attempt < options.attempts; attempt += 1) {
    if (attempt > 0) await options.at.clock.sleep(fullJitter(attempt, options.random ?? Math.random));
    const tip = await readTip(options.at);
    const base = await treeAt(options, tip);
    const { decided, tree } = await decideAll(options, base, left);
    left = decided.map(({ pending }) => pending);
    if (tree === base) return settle(decided, null);
    const commit = await writeGroup(options, decided, tree, tip);
    await faultPoint('log:commit-written');
    const verdict = await swapTip(options, tip, commit, urgency(left));
    await faultPoint('log:published');
    if (verdict.result === 'moved') return settle(decided, commit);
    if (verdict.result === 'refused') throw refused(options.at, verdict.detail, verdict.hint);
    detail = verdict.detail;
  }
  throw lostRace(options, detail);
}

async function treeAt(options: LogOptions, commit: Oid | null): Promise<Oid> {
  return commit === null ? emptyTree : options.store.treeOf(commit);
}

/** Each decision sees the edits of those before it. One that throws fails alone. */
async function decideAll(
  options: LogOptions,
  base: Oid,
  group: readonly Pending[],
): Promise<{ decided: Decided[]; tree: Oid }> {
  const decided: Decided[] = [];
  let tree = base;
  for (const pending of group) {
    try {
      const { edits, value } = await pending.decide(new Snapshot(options.store, tree));
      const next = await applyEdits(options.store, tree, edits);
      decided.push({ pending, value, changed: next !== tree });
      tree = next;
    } catch (error) {
      pending.reject(error);
    }
  }
  return { decided, tree };
}

function writeGroup(
  options: LogOptions,
  decided: readonly Decided[],
  tree: Oid,
  tip: Oid | null,
): Promise<Oid> {
  const words = decided.filter(({ changed }) => changed).map(({ pending }) => pending.words);
  const parents = [...(tip === null ? [] : [tip]), ...words.flatMap(({ merges }) => merges ?? [])];
  const { author, at } = options;
  return options.store.writeCommit({
    tree,
    parents,
    message: commitMessage(words),
    author,
    at: at.clock.now(),
  });
}

function urgency(group: readonly Pending[]): PushPriority {
  const priorities = group.map(({ words }) => words.priority ?? 'intake');
  return priorities.sort((a, b) => pushPriority[a] - pushPriority[b])[0] ?? 'intake';
}

/**
 * A lost answer is not a lost push: after an error, and after a "no" (a client may send one push twice),
 * the tip is asked whether our commit is in it.
 */
async function swapTip(
  options: LogOptions,
  tip: Oid | null,
  commit: Oid,
  priority: PushPriority,
): Promise<RefVerdict> {
  try {
    const verdict = await moveTip(options.at, tip, commit, priority);
    return verdict.result === 'lost' && (await holdsTip(options, commit)) ? { result: 'moved' } : verdict;
  } catch (error) {
    if (await holdsTip(options, commit).catch(() => false)) return { result: 'moved' };
    throw error;
  }
}

async function holdsTip(options: LogOptions, commit: Oid): Promise<boolean> {
  const now = await readTip(options.at);
  return now !== null && isAncestor(options.at.repository, commit, now);
}

function settle(decided: readonly Decided[], commit: Oid | null): void {
  for (const { pending, value, changed } of decided)
    pending.resolve({ value, commit: changed ? commit : null });
}

function lostRace(options: LogOptions, detail: string): MillwrightError {
  return new MillwrightError(
    'lost-race',
    `other writers moved ${options.at.branch} first, ${options.attempts} times in a row`,
    {
      hint: 'run the command again; if this happens often, give the machine-written history a branch of its own (ledger_branch)',
      retry: 'back-off',
      data: { branch: options.at.branch, attempts: options.attempts, detail },
    },
  );
}
