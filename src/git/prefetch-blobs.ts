import { git, gitBytes } from './program.ts';
import type { Oid, Repository } from './repository.ts';

/** Fewer than this are fetched by git itself, one by one, as they are read. */
const FEW = 4;

/**
 * In a partial clone git fetches what is missing when it is read, with a connection for each object. This brings
 * many at once. Elsewhere it does nothing, and a failure only means that git will do it in its own way.
 */
export async function prefetchBlobs(repository: Repository, oids: readonly Oid[]): Promise<void> {
  if (oids.length < FEW) return;
  const run = { cwd: repository.root };
  const promisor = await promisorOf(repository);
  if (promisor === undefined) return;
  const here = await localObjects(repository);
  const missing = oids.filter((oid) => !here.has(oid));
  if (missing.length < FEW) return;
  const options = ['--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--filter=blob:none'];
  const fetch = ['-c', 'fetch.negotiationAlgorithm=noop', 'fetch', '--quiet', ...options];
  await git([...fetch, '--recurse-submodules=no', '--stdin', '--', promisor], {
    ...run,
    input: `${missing.join('\n')}\n`,
  });
}

/** The remote that has promised what is missing here; undefined when the repository is complete. */
async function promisorOf(repository: Repository): Promise<string | undefined> {
  const answer = await git(['config', '--get-regexp', '^remote\\..*\\.promisor$', '^true$'], {
    cwd: repository.root,
  });
  return /^remote\.(.+)\.promisor true$/m.exec(answer.stdout.toString('utf8'))?.[1];
}

/** Asking for one object would fetch it; a list of everything does not. */
async function localObjects(repository: Repository): Promise<Set<Oid>> {
  const list = ['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objectname)'];
  return new Set((await gitBytes(list, { cwd: repository.root })).toString('latin1').split('\n'));
}
