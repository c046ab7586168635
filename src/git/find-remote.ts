import { git } from './program.ts';
import type { Remote } from './remote-refs.ts';
import type { Repository } from './repository.ts';

export interface FoundRemote extends Remote {
  /** True when pushes to it count against a budget: neither a path nor on this machine. */
  readonly distant: boolean;
}

/**
 * The remote that is the shared truth: the one that the settings name, else `origin`, else none.
 * @param setting a name, `false` for none, undefined for the default
 */
export async function findRemote(
  repository: Repository,
  setting: string | false | undefined,
): Promise<FoundRemote | undefined> {
  if (setting === false) return undefined;
  const name = setting ?? 'origin';
  const answer = await git(['remote', 'get-url', '--push', name], { cwd: repository.root });
  const address = answer.stdout.toString('utf8').trim();
  if (answer.code !== 0 && setting === undefined) return undefined;
  // A remote that is named but missing is an error at the first push, with git's own words.
  return { remote: name, address: address || name, distant: isDistant(address) };
}

/** Paths, file URLs and loopback addresses have no push budget. */
export function isDistant(address: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) {
    // scp-like "host:path"; a colon after a slash is part of a path.
    const host = /^(?:[^@/]+@)?(\[[^\]/]*\]|[^:/]+):/.exec(address)?.[1];
    return host !== undefined && !isLoopback(host);
  }
  // What no URL parser understands is git's business; it is counted, to be on the safe side.
  if (!URL.canParse(address)) return true;
  const { protocol, hostname } = new URL(address);
  return protocol !== 'file:' && !isLoopback(hostname);
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/i.test(host);
}
