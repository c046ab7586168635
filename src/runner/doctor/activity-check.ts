import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import type { Check } from './check.ts';
import { inactivityNotes } from './inactivity.ts';
import { readActivity } from './read-activity.ts';
import { warning } from './verdicts.ts';

/** Whether schedules come, as far as git knows. Silent where all is well. */
export async function activity(workspace: Workspace): Promise<Check[]> {
  try {
    const notes = inactivityNotes(await readActivity(workspace), workspace.clock.now());
    return notes.map((note) => {
      const [detail = note, ...help] = note.split(': ');
      return warning('activity', detail, help.join(': '));
    });
  } catch (error) {
    // The check of the remote has said so already.
    if (error instanceof MillwrightError) return [];
    throw error;
  }
}
