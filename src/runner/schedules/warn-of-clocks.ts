import type { ScheduleRun } from '../../contracts/schedule-run.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { isBelieved } from './due-run.ts';

/** Says that some runs are not counted: the clock of whoever recorded them was far ahead, or this one is behind. */
export function warnOfClocks(
  { clock, warnings }: Pick<Workspace, 'clock' | 'warnings'>,
  runs: readonly ScheduleRun[],
): void {
  const now = clock.now();
  const ahead = runs.filter((run) => !isBelieved(run, now));
  const [first] = ahead.sort((a, b) => (a.due_at < b.due_at ? 1 : -1));
  if (first === undefined) return;
  const words = `a run of schedule ${first.schedule} is recorded for ${first.due_at} by ${first.runner}, more than a day ahead of the clock of this machine: it does not count; set the clocks by NTP`;
  if (!warnings.includes(words)) warnings.push(words);
}
