import type { Clock } from '../contracts/clock.ts';
import { hasCode, MillwrightError } from '../contracts/millwright-error.ts';
import type { LeftAlone } from './carry.ts';
import { localRefs } from './local-refs.ts';
import { type BranchHome, refuseMissing } from './missing-branch.ts';
import { moveBranch, settleCheckouts } from './move-branch.ts';
import { git } from './program.ts';
import type { PushBudget, PushPriority } from './push-budget.ts';
import type { RefTransport, RefVerdict } from './ref-transport.ts';
import type { Oid, Repository } from './repository.ts';

/** A branch of the workspace: where its truth lives, and how it moves. */
export interface BranchAt {
  readonly repository: Repository;
  readonly clock: Clock;
  readonly branch: string;
  /** Absent: the local ref is the truth. */
  readonly remote?: RefTransport;
  /** Where the branch belongs in the remote. Absent: whoever comes first begins it there. */
  readonly home?: BranchHome;
  readonly budget: PushBudget;
  /** Told about paths of a checkout that were not refreshed because the user has changed them. */
  readonly onLeftAlone?: (left: readonly LeftAlone[]) => void;
  readonly onWarning?: (message: string) => void;
  /** True: looking at the tip changes nothing, neither a checkout that is behind nor a remote without the branch. */
  readonly lookOnly?: boolean;
}

const refOf = (at: BranchAt) => `refs/heads/${at.branch}`;

/** The commit at the tip, asked from where the truth lives; null when there is none yet. */
export async function readTip(at: BranchAt): Promise<Oid | null> {
  if (at.lookOnly === true) return lookAtTip(at);
  await settleCheckouts(at.repository, at.clock, refOf(at));
  const ref = refOf(at);
  if (at.remote === undefined) return (await localRefs(at.repository).read([ref])).get(ref) ?? null;
  const tip = (await at.remote.read([ref])).get(ref) ?? null;
  if (tip === null) return localTipForNewRemote(at, at.remote);
  await followTip(at, tip);
  return tip;
}

async function lookAtTip(at: BranchAt): Promise<Oid | null> {
  const ref = refOf(at);
  const there = (await at.remote?.read([ref]))?.get(ref);
  if (there !== undefined) return there;
  if (at.home !== undefined) await refuseMissing(at.branch, at.home);
  return (await localRefs(at.repository).read([ref])).get(ref) ?? null;
}

/** Moves the branch from `expected` to `next` at the place of truth, then here. */
export async function moveTip(
  at: BranchAt,
  expected: Oid | null,
  next: Oid,
  priority: PushPriority,
): Promise<RefVerdict> {
  const update = { ref: refOf(at), expected, next };
  if (at.remote === undefined) {
    const move = await moveBranch(at.repository, at.clock, update);
    if (move.leftAlone.length > 0) at.onLeftAlone?.(move.leftAlone);
    return move.verdict;
  }
  await at.budget.take(priority);
  const [verdict] = await at.remote.push([update]);
  // The remote has it: what goes wrong from here on is no reason to report it as not done.
  if (verdict?.result === 'moved') {
    if (expected === null) begun(at, next);
    await followRemote(at, next).catch((error) => warnBehind(at, error));
  }
  return verdict ?? { result: 'lost', detail: 'no answer' };
}

/** True when `ancestor` is `descendant` or lies below it. */
export async function isAncestor(repository: Repository, ancestor: Oid, descendant: Oid): Promise<boolean> {
  if (ancestor === descendant) return true;
  const answer = await git(['merge-base', '--is-ancestor', ancestor, descendant], { cwd: repository.root });
  return answer.code === 0;
}

/** A remote without the branch takes the local history as its first, unless the branch must be there. */
async function localTipForNewRemote(at: BranchAt, remote: RefTransport): Promise<Oid | null> {
  const ref = refOf(at);
  if (at.home !== undefined) await refuseMissing(at.branch, at.home);
  const local = (await localRefs(at.repository).read([ref])).get(ref);
  if (local === undefined) return null;
  await at.budget.take('intake');
  const [verdict] = await remote.push([{ ref, expected: null, next: local }]);
  if (verdict?.result === 'moved') return begun(at, local);
  if (verdict?.result === 'refused') throw refused(at, verdict.detail, verdict.hint);
  const first = (await remote.read([ref])).get(ref);
  if (first === undefined) throw notCreated(at, verdict?.detail ?? 'no answer');
  await followTip(at, first);
  return first;
}

/** Where a history is expected, its beginning is news: nobody should find out weeks later that there are two. */
function begun(at: BranchAt, first: Oid): Oid {
  if (at.home?.apart === true)
    at.onWarning?.(
      `branch ${at.branch} was begun in ${at.remote?.name ?? 'the remote'}: nothing there speaks of an earlier one`,
    );
  return first;
}

/** A checkout that cannot be brought up to date now does not keep anybody from reading the truth. */
async function followTip(at: BranchAt, tip: Oid): Promise<void> {
  try {
    await followRemote(at, tip);
  } catch (error) {
    if (!hasCode(error, 'index-locked') && !hasCode(error, 'locked')) throw error;
    warnBehind(at, error);
  }
}

/** Brings the local branch to what the remote has, unless the user has commits of his own on it. */
async function followRemote(at: BranchAt, tip: Oid): Promise<void> {
  const ref = refOf(at);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const local = (await localRefs(at.repository).read([ref])).get(ref) ?? null;
    if (local === tip) return;
    if (local !== null && (await isAncestor(at.repository, tip, local))) return;
    if (local !== null && !(await isAncestor(at.repository, local, tip))) return warnDiverged(at);
    const move = await moveBranch(at.repository, at.clock, { ref, expected: local, next: tip });
    if (move.leftAlone.length > 0) at.onLeftAlone?.(move.leftAlone);
    if (move.verdict.result === 'moved') return;
  }
}

function warnDiverged(at: BranchAt): void {
  at.onWarning?.(
    `local branch ${at.branch} has commits that ${at.remote?.name ?? 'the remote'} lacks, so it was not brought up to date; push them or rebase them`,
  );
}

function warnBehind(at: BranchAt, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  at.onWarning?.(`the checkout of ${at.branch} was not brought up to date: ${why}`);
}

function notCreated(at: BranchAt, detail: string): MillwrightError {
  return new MillwrightError(
    'remote-failed',
    `could not create ${at.branch} in ${at.remote?.name ?? ''}: ${detail}`,
    {
      hint: 'see what "git push" of that branch says',
      retry: 'back-off',
      data: { branch: at.branch },
    },
  );
}

export function refused(at: BranchAt, detail: string, hint: string): MillwrightError {
  return new MillwrightError(
    'push-refused',
    `${at.remote?.name ?? 'this repository'} refused to move ${at.branch}: ${detail}`,
    {
      hint,
      data: { branch: at.branch },
    },
  );
}
