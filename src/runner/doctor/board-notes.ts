import type { PassContext } from '../../ledger/controller.ts';
import { inactivityNotes } from './inactivity.ts';
import { readActivity } from './read-activity.ts';

/** What people should know about how the workspace is kept going, one line each. Asks git only. */
export async function boardNotes({ workspace }: PassContext): Promise<string[]> {
  return inactivityNotes(await readActivity(workspace), workspace.clock.now());
}
