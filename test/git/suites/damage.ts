import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitFolder } from '../../support/git-folder.ts';

/** Overwrites a loose object with rubbish, as a bad disk or a power cut does. */
export async function damage(folder: GitFolder, oid: string): Promise<void> {
  const path = join(folder.dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
  await rm(path);
  await writeFile(path, 'rubbish');
}
