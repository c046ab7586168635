import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { blobOid } from '../../src/git/blob-oid.ts';
import type { Oid } from '../../src/git/repository.ts';

const deflated = promisify(deflate);
/** What git itself takes for loose objects. */
const LEVEL = 1;
const MOST_AT_ONCE = 16;

/** Writes blobs as git's loose objects. Git hashes more than a gigabyte of them several times as slowly. */
export class LooseBlobs {
  readonly #folder: string;
  readonly #writing = new Set<Promise<void>>();

  constructor(root: string) {
    this.#folder = join(root, '.git/objects');
    for (let first = 0; first < 256; first += 1)
      mkdirSync(join(this.#folder, first.toString(16).padStart(2, '0')), { recursive: true });
  }

  /** The blob may be on its way still; `finish` waits for it. */
  async put(content: Buffer): Promise<Oid> {
    const oid = blobOid(content);
    const writing = this.#write(oid, content).finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
    if (this.#writing.size >= MOST_AT_ONCE) await Promise.race(this.#writing);
    return oid;
  }

  async finish(): Promise<void> {
    await Promise.all(this.#writing);
  }

  async #write(oid: Oid, content: Buffer): Promise<void> {
    const object = Buffer.concat([Buffer.from(`blob ${content.length}\0`), content]);
    await writeFile(
      join(this.#folder, oid.slice(0, 2), oid.slice(2)),
      await deflated(object, { level: LEVEL }),
    );
  }
}
