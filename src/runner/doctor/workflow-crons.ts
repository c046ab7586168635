import { parse } from 'yaml';
import { z } from 'zod';

const shape = z.object({ on: z.object({ schedule: z.array(z.object({ cron: z.string() })) }) });

/** The cron expressions of a workflow file, UTC; none where it has no schedule or is not YAML. */
export function workflowCrons(text: string): string[] {
  try {
    const read = shape.safeParse(parse(text));
    return read.success ? read.data.on.schedule.map(({ cron }) => cron) : [];
  } catch {
    return [];
  }
}
