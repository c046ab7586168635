import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate, deflateSync } from 'node:zlib';
import type { NewObject } from './ref-transport.ts';

const inPool = promisify(deflate);

/** Less than this is done before another thread has even begun. */
const SMALL_BYTES = 16_384;

/**
 * One pack of exactly these objects, in memory, without deltas, compressed as well as zlib can.
 * Format: gitformat-pack of the git documentation.
 */
export async function packObjects(objects: readonly Omit<NewObject, 'oid'>[]): Promise<Buffer> {
  const entries = await Promise.all(objects.map(packEntry));
  const pack = Buffer.concat([packHeader(objects.length), ...entries]);
  return Buffer.concat([pack, createHash('sha1').update(pack).digest()]);
}

function packHeader(objects: number): Buffer {
  const header = Buffer.from('PACK\0\0\0\0\0\0\0\0', 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(objects, 8);
  return header;
}

const typeNumbers = { commit: 1, tree: 2, blob: 3 } as const;

/** Type and size, seven bits a byte after the first four, then the compressed content. */
async function packEntry({ type, body }: Omit<NewObject, 'oid'>): Promise<Buffer> {
  const head = [(typeNumbers[type] << 4) | (body.length & 15)];
  for (let rest = Math.floor(body.length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    head.push((head.pop() ?? 0) | 128, rest & 127);
  }
  return Buffer.concat([Buffer.from(head), await compress(body)]);
}

async function compress(body: Uint8Array): Promise<Buffer> {
  return body.length < SMALL_BYTES ? deflateSync(body, { level: 9 }) : inPool(body, { level: 9 });
}
