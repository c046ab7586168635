import { z } from 'zod';
import { type ScheduleRun, scheduleRun } from '../../contracts/schedule-run.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { readLast } from '../../ledger/read-entries.ts';

/** More than the attempts of all the times that can matter. */
const ENOUGH = 100;

/** Takes the envelope of the record away. */
const schema = z.object(scheduleRun.fields.shape);

/** The newest records of a schedule, oldest first. A line that was edited by hand and fits no more is left out. */
export async function readScheduleRuns(snapshot: Snapshot, schedule: string): Promise<ScheduleRun[]> {
  const entries = await readLast(snapshot, scheduleRun.name, ENOUGH);
  return entries.flatMap((entry) => {
    const read = schema.safeParse(entry);
    return read.success && read.data.schedule === schedule ? [read.data] : [];
  });
}
