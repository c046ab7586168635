import { createHash } from 'node:crypto';
import type { Oid } from './repository.ts';

/** The id that git gives to a blob with this content. */
export function blobOid(content: Uint8Array): Oid {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}
