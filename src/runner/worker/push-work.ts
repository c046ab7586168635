import { MillwrightError } from '../../contracts/millwright-error.ts';
import { fullJitter } from '../../git/backoff.ts';
import type { RefVerdict } from '../../git/ref-transport.ts';
import { remoteRefs } from '../../git/remote-refs.ts';
import type { Oid } from '../../git/repository.ts';
import { type Mirror, remoteTips } from './mirror.ts';

export type Pushed =
  | { readonly result: 'pushed' }
  /** Somebody else has moved the branch. null: it is gone. */
  | { readonly result: 'moved'; readonly now: Oid | null };

const ATTEMPTS = 4;

/**
 * Pushes exactly `expected -> commit`. A lost answer is not a lost push: after an error the branch is asked for.
 * Tries again while the remote is out of reach, for a few seconds.
 * Throws `push-refused` when a rule of the remote is against it, and what stands in the way of reaching it.
 */
export async function pushWork(
  mirror: Mirror,
  branch: string,
  expected: Oid | null,
  commit: Oid,
): Promise<Pushed> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await pushOnce(mirror, branch, expected, commit);
    } catch (error) {
      const again = error instanceof MillwrightError && error.retry === 'back-off' && attempt < ATTEMPTS;
      if (!again) throw error;
      await mirror.workspace.clock.sleep(fullJitter(attempt, Math.random, 500, 4_000));
    }
  }
}

async function pushOnce(mirror: Mirror, branch: string, expected: Oid | null, commit: Oid): Promise<Pushed> {
  const verdict = await verdictOf(mirror, branch, expected, commit);
  if (verdict.result === 'moved') return { result: 'pushed' };
  if (verdict.result === 'refused') throw refused(mirror, branch, verdict);
  const now = (await remoteTips(mirror, [branch])).get(branch) ?? null;
  return now === commit ? { result: 'pushed' } : { result: 'moved', now };
}

async function verdictOf(
  mirror: Mirror,
  branch: string,
  expected: Oid | null,
  commit: Oid,
): Promise<RefVerdict> {
  const { workspace, repository, address, run } = mirror;
  const env = run.env === undefined ? {} : { env: run.env };
  const refs = remoteRefs(repository, { remote: 'origin', address, ...env });
  await workspace.budget.take('result');
  try {
    const [verdict] = await refs.push([{ ref: `refs/heads/${branch}`, expected, next: commit }]);
    return verdict ?? { result: 'lost', detail: 'no answer' };
  } catch (error) {
    const now = await remoteTips(mirror, [branch]).catch(() => new Map<string, Oid>());
    if (now.get(branch) === commit) return { result: 'moved' };
    throw error;
  }
}

function refused(
  mirror: Mirror,
  branch: string,
  { detail, hint }: Extract<RefVerdict, { result: 'refused' }>,
): MillwrightError {
  return new MillwrightError('push-refused', `${mirror.name} refused to move ${branch}: ${detail}`, {
    hint,
    data: { branch },
  });
}
