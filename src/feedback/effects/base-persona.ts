import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { PERSONAS, personaPath } from '../../ledger/paths.ts';
import { type PersonaFile, personaError, readRoster } from '../../personas/read-persona.ts';

/** A persona as a snapshot of the base branch has it. Throws `unknown-persona`, `bad-persona`. */
export async function basePersona(snapshot: Snapshot, id: string): Promise<PersonaFile> {
  const [read] = await readRoster(snapshot, PERSONAS, new Set([id]));
  if (read?.ok) return read.file;
  if (read !== undefined) throw personaError(read.path, read.issues);
  throw new MillwrightError('unknown-persona', `there is no persona ${id}: ${personaPath(id)} is missing`, {
    hint: 'add the file, or name another persona in millwright.yaml',
    data: { persona: id },
  });
}
