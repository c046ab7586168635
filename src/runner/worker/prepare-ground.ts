import { rm } from 'node:fs/promises';
import { hasCode, MillwrightError } from '../../contracts/millwright-error.ts';
import type { Oid } from '../../git/repository.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import type { Assignment } from './assignment.ts';
import { type RegisteredChild, registerChild } from './child-register.ts';
import { fetchStart } from './fetch-start.ts';
import { fetchTip, type Mirror, openMirror, remoteTips, withMirror } from './mirror.ts';
import { removeAllWorktrees, takeWorktree, type Worktree } from './worktree.ts';

/** Where a slot is worked on. */
export interface Ground {
  readonly mirror: Mirror;
  readonly worktree: Worktree;
  /** What the slot's branch was when the attempt began; null when there was none. */
  readonly branchBefore: Oid | null;
  readonly child: RegisteredChild;
}

/**
 * Brings the base branch here, or the commit that the slot names, and takes a clean work tree there.
 * Throws `no-base-branch`, `no-worktree`, `start-missing`, and what stands in the way of reaching the remote.
 */
export async function prepareGround(
  { workspace, signal }: { readonly workspace: Workspace; readonly signal: AbortSignal },
  slot: Pick<Assignment, 'slotId' | 'branch' | 'startAt'>,
): Promise<Ground> {
  const mirror = await openMirror(workspace);
  const base = workspace.settings.base_branch;
  const tips = await remoteTips(mirror, [base, slot.branch]);
  const tip = tips.get(base);
  if (tip === undefined) throw noBase(mirror, base);
  const { startAt } = slot;
  const start = () => (startAt === undefined ? fetchTip(mirror, base, tip) : fetchStart(mirror, startAt));
  const take = async () => takeWorktree(mirror, slot, await start());
  const worktree = await withMirror(mirror, signal, () => mended(mirror, take));
  const child = await registerChild(workspace.cache, slot.slotId, worktree.path);
  return { mirror, worktree, branchBefore: tips.get(slot.branch) ?? null, child };
}

/** The remote has answered just before: what git says of a missing repository now means the mirror. */
const localFaults = ['git-failed', 'no-worktree', 'remote-failed', 'remote-missing'];

/** A mirror that is broken, as a power cut leaves one, is made anew when nobody else works in it. */
async function mended<T>(mirror: Mirror, take: () => Promise<T>): Promise<T> {
  try {
    return await take();
  } catch (error) {
    const broken = localFaults.some((code) => hasCode(error, code));
    if (!broken || !(await removeAllWorktrees(mirror.workspace))) throw error;
    await rm(mirror.repository.root, { recursive: true, force: true });
    await openMirror(mirror.workspace);
    return take();
  }
}

function noBase({ name }: Mirror, branch: string): MillwrightError {
  return new MillwrightError('no-base-branch', `${name} has no branch ${branch} to start from`, {
    hint: 'push it, or set base_branch in millwright.yaml',
    data: { branch },
  });
}
