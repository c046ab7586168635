import type { Snapshot } from '../../git/snapshot.ts';
import { PERSONAS } from '../../ledger/paths.ts';
import { type PersonaFile, personaError, readRoster } from '../../personas/read-persona.ts';
import { unknownPersona } from '../../personas/unknown-persona.ts';

/** A persona as a snapshot of the base branch has it. Throws `unknown-persona`, `bad-persona`. */
export async function basePersona(snapshot: Snapshot, id: string): Promise<PersonaFile> {
  const [read] = await readRoster(snapshot, PERSONAS, new Set([id]));
  if (read?.ok) return read.file;
  if (read !== undefined) throw personaError(read.path, read.issues);
  throw await unknownPersona(snapshot, id);
}
