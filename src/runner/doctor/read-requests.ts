import { join } from 'node:path';
import { requestCount } from '../../forge/github/client/request-count.ts';
import type { Workspace } from '../../ledger/workspace.ts';

export interface Requests {
  /** In the last hour, of all processes of this machine. */
  readonly used: number;
  readonly limit: number;
}

/** How many API requests were counted here. Asks nobody: the client keeps the count in the cache. */
export async function readRequests({ cache, clock, settings }: Workspace): Promise<Requests> {
  const { used } = await requestCount(join(cache, 'github', 'requests.json'), clock).use();
  return { used, limit: settings.github.requests_per_hour };
}
