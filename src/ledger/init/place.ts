import { findRemote } from '../../git/find-remote.ts';
import type { Repository } from '../../git/repository.ts';
import { findDefaultBranch } from './find-default-branch.ts';

/** Where a repository is on a host, as far as it can be found out here, without asking anybody. */
export interface Place {
  /** The page of the repository, such as https://github.com/owner/name; undefined where no remote says. */
  readonly page: string | undefined;
  /** True when the remote is on github.com. */
  readonly isGithub: boolean;
  /** The branch that the host calls the default, as far as this clone can tell. */
  readonly defaultBranch: string | undefined;
}

export async function findPlace(repository: Repository): Promise<Place> {
  const found = await findRemote(repository, undefined);
  const page = found === undefined ? undefined : pageOf(found.address);
  return {
    page,
    isGithub: page?.startsWith('https://github.com/') === true,
    defaultBranch: await findDefaultBranch(repository.root),
  };
}

/** Credentials, ports of ssh and the ending are no part of a page. Undefined for a path. */
export function pageOf(address: string): string | undefined {
  const scp = /^(?:[^@/\s]+@)?(?<host>[A-Za-z0-9][A-Za-z0-9.-]*):(?!\/)(?<path>[^\s]+)$/.exec(
    address,
  )?.groups;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isRemote = url !== undefined && /^(?:https?|ssh|git):$/.test(url.protocol);
  const host = isRemote ? url.hostname : scp?.host;
  const path = isRemote ? url.pathname : scp?.path;
  const names = path?.match(/^\/?([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/)?.[1];
  return host === undefined || host === '' || names === undefined ? undefined : `https://${host}/${names}`;
}
