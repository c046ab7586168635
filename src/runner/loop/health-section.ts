import type { ReportFacts } from './report-facts.ts';
import { counted, firstRows, foreign } from './report-text.ts';

/** What the newest report says of the present, which is in no record. */
export interface PresentFacts {
  readonly bad_personas: readonly string[];
  /** Files under `queue/rejected` that somebody has to look at. */
  readonly rejected: number;
  /** Slots that failed too often. */
  readonly dead: number;
}

/** What went wrong. A week without any of it says so in one sentence. */
export function healthSection({ health, schedule_runs: runs }: ReportFacts, now?: PresentFacts): string[] {
  const week = health[0];
  const lines = [
    ...when(week?.rejected, (n) => `${counted(n, 'contract was', 'contracts were')} rejected`),
    ...when(week?.dead_slots, (n) => `${counted(n, 'slot', 'slots')} failed too often and died`),
    ...when(week?.expired_leases, (n) => `${counted(n, 'lease', 'leases')} ran out`),
    ...when(week?.failed_passes, (n) => `${counted(n, 'pass', 'passes')} could not do a part`),
    ...when(
      week?.failed_calls,
      (n) => `${counted(n, 'call of a model', 'calls of models')} gave nothing usable`,
    ),
    ...when(week?.failed_explanations, (n) => `${counted(n, 'finding', 'findings')} could not be explained`),
    ...when(
      week?.alerts,
      (n) => `${counted(n, 'measurement', 'measurements')} of a merged change raised an alert`,
    ),
    ...runs.map(runWords),
    ...when(
      now?.rejected,
      (n) => `now: ${counted(n, 'rejected contract', 'rejected contracts')} under queue/rejected`,
    ),
    ...when(now?.dead, (n) => `now: ${counted(n, 'dead slot', 'dead slots')} under queue/dead`),
    ...(now?.bad_personas ?? []).map((path) => `now: ${foreign(path)} breaks the schema of a persona`),
  ];
  if (lines.length === 0) return ['Nothing went wrong.'];
  const { shown, more } = firstRows(lines, 'lines');
  return [`${shown.map((line) => `- ${line}`).join('\n')}${more}`];
}

function when(n: number | undefined, words: (n: number) => string): string[] {
  return n === undefined || n === 0 ? [] : [words(n)];
}

function runWords({
  schedule,
  due_at: due,
  attempt,
  state,
  missed,
  error,
}: ReportFacts['schedule_runs'][number]): string {
  const what = `the ${foreign(schedule)} of ${due.slice(0, 16).replace('T', ' ')} UTC`;
  const why = error === null ? '' : `: ${foreign(error)}`;
  if (state === 'failed') return `${what} failed${why}`;
  if (state === 'finished') return `${what} could not do everything${why}`;
  const again = attempt > 1 ? [`was begun for the ${attempt}${attempt === 2 ? 'nd' : 'rd'} time`] : [];
  const late = missed > 0 ? [`made up for ${counted(missed, 'earlier time', 'earlier times')}`] : [];
  return `${what} ${[...again, ...late].join(' and ')}`;
}
