import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { blobOid } from './blob-oid.ts';
import { gitBytes } from './program.ts';
import type { Oid } from './repository.ts';

const compress = promisify(deflate);

/**
 * Stores many blobs as one pack: fewer files, one process, and compressed as well as zlib can, on the thread pool.
 * `git index-pack` checks the pack and puts it into place, whole or not at all.
 * Format: gitformat-pack of the git documentation.
 */
export async function packBlobs(cwd: string, contents: readonly Uint8Array[]): Promise<Oid[]> {
  const entries = await Promise.all(contents.map(packEntry));
  const body = Buffer.concat([packHeader(contents.length), ...entries]);
  const pack = Buffer.concat([body, createHash('sha1').update(body).digest()]);
  await gitBytes(['index-pack', '--stdin'], { cwd, input: pack });
  return contents.map(blobOid);
}

function packHeader(objects: number): Buffer {
  const header = Buffer.from('PACK\0\0\0\0\0\0\0\0', 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(objects, 8);
  return header;
}

const BLOB = 3;

/** Type and size, seven bits a byte after the first four, then the compressed content. */
async function packEntry(content: Uint8Array): Promise<Buffer> {
  const head = [(BLOB << 4) | (content.length & 15)];
  for (let rest = Math.floor(content.length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    head.push((head.pop() ?? 0) | 128, rest & 127);
  }
  return Buffer.concat([Buffer.from(head), await compress(content, { level: 9 })]);
}
