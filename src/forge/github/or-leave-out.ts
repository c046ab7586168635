import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Desk } from './desk.ts';
import { warnOnce } from './warn-once.ts';

/** What the token may not do, what is switched off in the repository, what GitHub does not take. */
const REFUSALS = ['github-forbidden', 'github-not-found', 'github-refused'];

/**
 * Does what is nice to have. Where GitHub refuses it, it is left out for the rest of the pass, with one warning in
 * which the error names the missing right; all else goes on.
 */
export async function orLeaveOut<T>(
  desk: Desk,
  feature: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  if (desk.leftOut.has(feature)) return undefined;
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MillwrightError) || !REFUSALS.includes(error.code)) throw error;
    desk.leftOut.add(feature);
    warnOnce(desk.workspace, `${feature} are left out: ${error.message}`);
    return undefined;
  }
}
