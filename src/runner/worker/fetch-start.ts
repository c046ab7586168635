import { MillwrightError } from '../../contracts/millwright-error.ts';
import { git } from '../../git/program.ts';
import { remoteFailure } from '../../git/remote-failure.ts';
import type { Oid } from '../../git/repository.ts';
import type { Mirror } from './mirror.ts';

/** The remote has answered just before: then these mean that it does not give this commit away. */
const notThere = /^remote-(?:failed|missing)$/;

/**
 * Brings one commit here, unless it is here already. A ref of its own says that it is whole.
 * Throws `start-missing` when nobody has it any more, and what stands in the way of reaching the remote.
 */
export async function fetchStart(mirror: Mirror, commit: string): Promise<Oid> {
  if (!/^[0-9a-f]{40}$/.test(commit)) throw missing(mirror, commit);
  const ref = `refs/starts/${commit}`;
  const here = await git(['rev-parse', '--verify', '--quiet', ref], mirror.run);
  if (here.code === 0) return commit;
  const options = [
    '--depth=1',
    '--filter=blob:none',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
  ];
  const fetch = ['fetch', '--quiet', ...options, '--recurse-submodules=no', '--', 'origin'];
  const answer = await git([...fetch, `+${commit}:${ref}`], mirror.run);
  if (answer.code === 0) return commit;
  const failure = remoteFailure(mirror.name, 'fetch from', answer);
  throw notThere.test(failure.code) ? missing(mirror, commit) : failure;
}

function missing({ name }: Mirror, commit: string): MillwrightError {
  return new MillwrightError('start-missing', `${name} does not have the commit ${commit} to start from`, {
    hint: 'the branch that held it may be gone; a replay of that task counts for nobody',
    data: { commit },
  });
}
