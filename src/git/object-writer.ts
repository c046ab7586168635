import { writeObject } from 'isomorphic-git';
import { atomicFs } from './atomic-fs.ts';
import { diskFull } from './program.ts';
import type { NewObject } from './ref-transport.ts';
import type { Oid } from './repository.ts';

/** Writes one loose object, durably. The body is made by us: names that are not UTF-8 keep their bytes. */
export async function writeLooseObject(
  gitdir: string,
  type: NewObject['type'],
  object: Uint8Array,
): Promise<Oid> {
  try {
    return await writeObject({ fs: atomicFs, gitdir, type, format: 'content', object });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull(String(code), error);
    throw error;
  }
}
