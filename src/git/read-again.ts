import { hasCode } from '../contracts/millwright-error.ts';
import type { RefTransport } from './ref-transport.ts';

/**
 * Reads something below refs of a remote, and fetches it anew when part of it is missing here: a fetch of
 * another program was broken off, or is still under way. Throws `object-missing` when that did not help.
 */
export async function readAgain<T>(
  transport: RefTransport | undefined,
  refs: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (transport === undefined || !hasCode(error, 'object-missing')) throw error;
    await transport.read(refs, true);
    return work();
  }
}
