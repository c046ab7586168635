import { packObjects } from './pack-objects.ts';
import { gitBytes } from './program.ts';
import type { NewObject } from './ref-transport.ts';

/**
 * Stores many objects as one pack: fewer files, and one process. `git index-pack` checks the pack and puts it
 * into place, whole or not at all.
 */
export async function storePack(cwd: string, objects: readonly Omit<NewObject, 'oid'>[]): Promise<void> {
  await gitBytes(['index-pack', '--stdin'], { cwd, input: await packObjects(objects) });
}
