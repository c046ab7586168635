import type { RejectedContract } from '../../ledger/controller.ts';

/** What is wrong with a refused contract, without its place: annotations and tables show that beside it. */
export function rejectionWords({ path, line, problem }: RejectedContract): string {
  const place = line === undefined ? `${path}:` : `${path}:${line}:`;
  return problem.startsWith(place) ? problem.slice(place.length).trim() : problem;
}
