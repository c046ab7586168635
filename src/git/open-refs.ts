import type { Clock } from '../contracts/clock.ts';
import { localRefs } from './local-refs.ts';
import type { ObjectStore } from './object-store.ts';
import type { RefTransport } from './ref-transport.ts';
import { type Remote, remoteRefs } from './remote-refs.ts';
import type { Repository } from './repository.ts';

export interface RefPlace {
  readonly repository: Repository;
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** Absent: the refs of this repository are the truth. */
  readonly remote: Remote | undefined;
  /** Below which refs the cells live. */
  readonly namespace: string;
}

/** The transport for where the refs live. Over http small refs are asked for in this process: many times faster. */
export async function openRefs({
  repository,
  store,
  clock,
  remote,
  namespace,
}: RefPlace): Promise<RefTransport> {
  if (remote === undefined) return localRefs(repository);
  const otherwise = remoteRefs(repository, remote);
  if (!/^https?:\/\//i.test(remote.address) || !URL.canParse(remote.address)) return otherwise;
  const { httpRefs } = await import('./http/http-refs.ts');
  const isSmall = (ref: string) => ref.startsWith(`${namespace}/`);
  return httpRefs({ repository, store, remote, clock, isSmall, otherwise });
}
