import { closest } from '../contracts/closest.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { PERSONAS, personaPath } from '../ledger/paths.ts';

/** The error for a persona that has no file. @param snapshot of the base branch, for what may have been meant */
export async function unknownPersona(snapshot: Snapshot, id: string): Promise<MillwrightError> {
  const files = await snapshot.list(PERSONAS);
  const known = files.flatMap(({ name }) => (name.endsWith('.yaml') ? [name.slice(0, -'.yaml'.length)] : []));
  const meant = closest(id, known);
  return new MillwrightError('unknown-persona', `there is no persona ${id}: ${personaPath(id)} is missing`, {
    hint:
      meant === undefined
        ? 'add the file, or name another persona in millwright.yaml'
        : `did you mean "${meant}"?`,
    data: { persona: id },
  });
}
