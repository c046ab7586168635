import { processesWith, signalled } from '../../programs/process-life.ts';

/**
 * Ends every process that bears the mark of a run, also those that have left its group. Looks again until there
 * is none: what is being ended may start another one.
 * @returns true when there was any
 */
export function killRun(run: string): boolean {
  let any = false;
  for (let round = 0; round < 20; round += 1) {
    const found = processesWith(`MILLWRIGHT_RUN=${run}`).filter((pid) => pid !== process.pid);
    if (found.length === 0) return any;
    any = true;
    for (const pid of found) signalled(pid, 'SIGKILL');
  }
  return any;
}
