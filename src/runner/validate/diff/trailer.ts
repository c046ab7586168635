import type { Commit } from './read-commits.ts';

/** The last value of a trailer; git does not tell upper from lower case in its name. */
export function trailer({ trailers }: Pick<Commit, 'trailers'>, key: string): string | undefined {
  return trailers.findLast(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}
