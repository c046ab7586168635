import type { Clock } from '../../contracts/clock.ts';
import type { ObjectStore } from '../object-store.ts';
import type { GitRun } from '../program.ts';
import type { RefTransport } from '../ref-transport.ts';
import type { Remote } from '../remote-refs.ts';
import type { Repository } from '../repository.ts';
import { HttpRoute, type Purpose } from './http-route.ts';
import type { Elsewhere, HttpSession } from './http-session.ts';
import { lookOverHttp } from './look-over-http.ts';
import { pushOverHttp } from './push-over-http.ts';
import { readOverHttp } from './read-over-http.ts';
import { RecentObjects } from './recent-objects.ts';

export interface HttpRefsOptions {
  readonly repository: Repository;
  /** Says whether a commit is here already. */
  readonly store: ObjectStore;
  /** At an `http:` or `https:` address. */
  readonly remote: Remote;
  readonly clock: Clock;
  /** True for refs whose whole history is small (cells): fetched in this process. */
  isSmall(ref: string): boolean;
  /** What everything else goes through: the git program. */
  readonly otherwise: RefTransport;
}

/**
 * The refs of a remote over smart http, in this process: a swap of small refs is one question on a connection
 * that stays open. Branches, and whatever git is set up to do in a way of its own, go through the git program.
 */
export function httpRefs(options: HttpRefsOptions): RefTransport {
  const { otherwise, repository, remote, clock } = options;
  const run: GitRun = { cwd: repository.root, ...(remote.env === undefined ? {} : { env: remote.env }) };
  const recent = new RecentObjects();
  const route = new HttpRoute({ run, remote, clock });
  return {
    name: route.name,
    look: (refs) =>
      here(
        route,
        'read',
        (session) => lookOverHttp(session, refs),
        () => otherwise.look(refs),
      ),
    read: (refs, again = false) =>
      here(
        route,
        'read',
        (session) => readOverHttp({ ...options, run, session }, refs, again),
        () => otherwise.read(refs, again),
      ),
    push: (updates, objects) =>
      objects === undefined
        ? otherwise.push(updates)
        : here(
            route,
            'push',
            (session) => pushOverHttp(session, updates, objects, recent),
            () => otherwise.push(updates, objects),
          ),
    serverTime: () => route.serverTime(),
  };
}

/** Once a remote was no match for this process, it is not asked again. */
async function here<T>(
  route: HttpRoute,
  purpose: Purpose,
  ask: (session: HttpSession) => Promise<T | Elsewhere>,
  otherwise: () => Promise<T>,
): Promise<T> {
  const session = await route.session(purpose);
  const answer = session === undefined ? 'elsewhere' : await ask(session);
  if (answer !== 'elsewhere') return answer;
  route.close(purpose);
  return otherwise();
}
