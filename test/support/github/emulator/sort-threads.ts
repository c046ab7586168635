import type { Call } from './call.ts';
import type { Thread } from './world.ts';

/** Filters by `state` and orders by `sort` and `direction`, newest first unless asked otherwise. */
export function sortedThreads<T extends Thread>(call: Call, threads: readonly T[]): T[] {
  const state = call.query.get('state') ?? 'open';
  const sort = call.query.get('sort') ?? 'created';
  const key = (thread: T): string | number => {
    if (sort === 'updated') return thread.updatedAt;
    return sort === 'comments' ? thread.comments.length : thread.createdAt;
  };
  const sign = directionOf(call) === 'asc' ? 1 : -1;
  return threads
    .filter((thread) => state === 'all' || thread.state === state)
    .sort((a, b) => sign * (compare(key(a), key(b)) || a.number - b.number));
}

/** Pull requests by `created` or nothing go down; by anything else that is named they go up. */
function directionOf(call: Call): string {
  const asked = call.query.get('direction');
  if (asked !== null) return asked;
  const sort = call.query.get('sort') ?? 'created';
  return call.path.endsWith('/pulls') && sort !== 'created' ? 'asc' : 'desc';
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
