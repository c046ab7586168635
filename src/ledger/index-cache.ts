import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid } from '../git/repository.ts';

/** Changes when the numbers are computed in another way: then what is on disk counts for nothing. */
const FORMAT = 'millwright index 3';
const CHECK_BYTES = 16;

/**
 * Numbers that were computed from a blob, on disk by the blob's id. A file that is damaged in any way is no
 * file at all: an index that lacks a record would let it in a second time.
 */
export class IndexCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(oid: Oid): Promise<Float64Array | undefined> {
    // Whatever keeps it from being read, the answer is in the blob.
    const bytes = await readFile(join(this.#folder, oid)).catch(() => undefined);
    if (bytes === undefined || (bytes.length - CHECK_BYTES) % 16 !== 0) return undefined;
    const body = new Uint8Array(bytes.subarray(CHECK_BYTES));
    const intact = check(oid, body).equals(bytes.subarray(0, CHECK_BYTES));
    return intact ? new Float64Array(body.buffer) : undefined;
  }

  /** How many numbers are kept for a blob, by the size of the file alone: for counts, which nothing relies on. */
  async length(oid: Oid): Promise<number | undefined> {
    const found = await stat(join(this.#folder, oid)).catch(() => undefined);
    if (found === undefined || (found.size - CHECK_BYTES) % 16 !== 0) return undefined;
    return (found.size - CHECK_BYTES) / 8;
  }

  /** A cache that cannot be written is only slower. */
  async write(oid: Oid, numbers: Float64Array): Promise<void> {
    const body = new Uint8Array(numbers.buffer);
    const temporary = join(this.#folder, `${oid}.${process.pid}.tmp`);
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(temporary, Buffer.concat([check(oid, body), body]));
      await rename(temporary, join(this.#folder, oid));
    } catch {
      return;
    }
  }
}

function check(oid: Oid, body: Uint8Array): Buffer {
  return createHash('sha256').update(`${FORMAT}\n${oid}\n`).update(body).digest().subarray(0, CHECK_BYTES);
}
