import { createHash } from 'node:crypto';
import type { NewObject } from './ref-transport.ts';
import type { Oid } from './repository.ts';

/** The id that git gives to an object of this type with this body. */
export function objectOid(type: NewObject['type'], body: Uint8Array): Oid {
  return createHash('sha1').update(`${type} ${body.length}\0`).update(body).digest('hex');
}

/** An object in memory, with its id. */
export function newObject(type: NewObject['type'], body: Uint8Array): NewObject {
  return { oid: objectOid(type, body), type, body };
}
