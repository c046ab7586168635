import type { PatchTest } from '../../contracts/patch-test.ts';
import { blobOid } from '../../git/blob-oid.ts';
import type { PersonaFile } from '../../personas/read-persona.ts';

/** Whether a persona's file is, byte for byte, the one that the test was made with. */
export function isTestOf({ extra }: Pick<PatchTest, 'extra'>, { text }: PersonaFile): boolean {
  return extra?.persona_file === blobOid(Buffer.from(text));
}
