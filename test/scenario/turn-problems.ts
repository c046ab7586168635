import type { Turn } from './live-on.ts';
import type { PassNote } from './run-runner.ts';

/** However many are open, where nothing happens to more than a dozen of them. */
const MOST_REQUESTS = 60;
/** What opening or settling one may cost, with what is asked again after a failure. */
const MOST_FOR_ONE = 6;
/** Of a pass that finds nothing to do. */
const MOST_IDLE_REQUESTS = 4;

/** Passes that spent too much, and failures in passes that nothing disturbed. */
export function turnProblems(turns: readonly Turn[]): string[] {
  return turns.flatMap(({ trouble, passes, requests }) => {
    const most = passes.reduce((sum, pass) => sum + mostFor(pass), 0);
    const isIdle = passes.every(({ report }) => report?.changed === false);
    const calm = trouble === 'none' && passes.length === 1 ? passes : [];
    return [
      ...(requests > most ? [`a turn of ${passes.length} passes spent ${requests} requests`] : []),
      ...(isIdle && trouble === 'none' && requests > MOST_IDLE_REQUESTS * passes.length
        ? [`an idle turn spent ${requests} requests`]
        : []),
      ...calm.flatMap(({ startedAt, failed, report }) => [
        ...(failed === undefined ? [] : [`${startedAt}: ${failed}`]),
        ...(report?.failures ?? []).map(({ code, message }) => `${startedAt}: ${code}: ${message}`),
      ]),
    ];
  });
}

/** A pass that died does not say what it did, and its requests may have been sent again and again. */
function mostFor({ report }: PassNote): number {
  if (report === undefined) return 2 * MOST_REQUESTS;
  const done = report.proposals.filter(({ result }) => /^(?:opened|updated|merged|rejected)$/.test(result));
  return Math.max(MOST_REQUESTS, 12 + MOST_FOR_ONE * done.length);
}
