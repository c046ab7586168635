import type { Delta } from '../contracts/delta.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { Patch } from '../contracts/patch.ts';
import { applyDeltas, deltaHolds } from '../personas/apply-deltas.ts';
import type { PersonaFile } from '../personas/read-persona.ts';

/** The file with what the patch still has to change; undefined when that cannot be done to it any more. Pure. */
export function draftPatch(file: PersonaFile, { deltas }: Pick<Patch, 'deltas'>): PersonaFile | undefined {
  try {
    return applyDeltas(
      file,
      deltas.filter((change) => !isDone(file, change)),
    );
  } catch (error) {
    if (error instanceof MillwrightError) return undefined;
    throw error;
  }
}

/** A bullet that somebody has added or removed by hand meanwhile; what else is there already can be said again. */
function isDone({ persona }: PersonaFile, change: Delta): boolean {
  return (change.op === 'add_bullet' || change.op === 'remove_bullet') && deltaHolds(persona, change);
}
