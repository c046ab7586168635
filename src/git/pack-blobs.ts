import { blobOid } from './blob-oid.ts';
import { packObjects } from './pack-objects.ts';
import { gitBytes } from './program.ts';
import type { Oid } from './repository.ts';

/**
 * Stores many blobs as one pack: fewer files, and one process. `git index-pack` checks the pack and puts it
 * into place, whole or not at all.
 */
export async function packBlobs(cwd: string, contents: readonly Uint8Array[]): Promise<Oid[]> {
  const input = await packObjects(contents.map((body) => ({ type: 'blob', body })));
  await gitBytes(['index-pack', '--stdin'], { cwd, input });
  return contents.map(blobOid);
}
