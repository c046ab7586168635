import type { Oid } from '../../git/repository.ts';
import { findAddedSecret } from './find-added-secret.ts';
import type { Ground } from './prepare-ground.ts';
import { pushWork } from './push-work.ts';

export interface Publication {
  readonly branch: string;
  readonly commit: Oid;
  /** Asked right before every push. */
  stillHeld(): Promise<boolean>;
}

export type Published =
  | { readonly result: 'pushed' }
  | { readonly result: 'not-held' }
  /** It holds what must never leave this machine. */
  | { readonly result: 'secret'; readonly path: string; readonly label: string }
  /** Others have moved the branch again and again. */
  | { readonly result: 'moved'; readonly now: Oid | null };

const ATTEMPTS = 3;

/**
 * Pushes a commit to the slot's branch, from what the branch was when the attempt began. When an earlier holder
 * was first, what it left is replaced, as long as the slot is still ours.
 * Throws `push-refused`, and what stands in the way of reaching the remote.
 */
export async function publishBranch(ground: Ground, publication: Publication): Promise<Published> {
  const { mirror, worktree } = ground;
  const { branch, commit } = publication;
  const secret = await findAddedSecret(worktree.run, worktree.base, commit);
  if (secret !== undefined) return { result: 'secret', ...secret };
  let expected = ground.branchBefore;
  for (let attempt = 0; attempt <= ATTEMPTS; attempt += 1) {
    if (!(await publication.stillHeld())) return { result: 'not-held' };
    const pushed = await pushWork(mirror, branch, expected, commit);
    if (pushed.result === 'pushed') return pushed;
    expected = pushed.now;
  }
  return { result: 'moved', now: expected };
}
