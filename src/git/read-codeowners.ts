import { CODEOWNERS_PLACES } from './codeowners-places.ts';
import type { Snapshot } from './snapshot.ts';

/** The text of the CODEOWNERS file that counts; empty where there is none. */
export async function readCodeowners(snapshot: Pick<Snapshot, 'text'>): Promise<string> {
  for (const path of CODEOWNERS_PLACES) {
    const text = await snapshot.text(path);
    if (text !== undefined) return text;
  }
  return '';
}
