import { objectOid } from './object-oid.ts';
import type { Oid } from './repository.ts';

/** The id that git gives to a blob with this content. */
export function blobOid(content: Uint8Array): Oid {
  return objectOid('blob', content);
}
