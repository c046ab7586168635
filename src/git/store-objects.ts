import type { NewObject } from './ref-transport.ts';
import type { Repository } from './repository.ts';

/** From so many objects on, one pack costs less than a file for each. */
const FEW = 50;

/**
 * Puts objects that were made in memory into the repository, those first that others name. For transports
 * that send what the repository holds.
 */
export async function storeObjects(repository: Repository, objects: readonly NewObject[]): Promise<void> {
  if (objects.length === 0) return;
  if (objects.length > FEW) {
    const { storePack } = await import('./store-pack.ts');
    return storePack(repository.commonDir, objects);
  }
  const { writeLooseObject } = await import('./object-writer.ts');
  for (const { type, body } of objects) await writeLooseObject(repository.commonDir, type, body);
}
