import { createHash } from 'node:crypto';
import type { BadLine } from '../segments.ts';
import type { LineHashes } from './hash-lines.ts';

export interface RecordFacts {
  readonly records: number;
  /** Lines that are no records. They are kept as they are. */
  readonly unreadable: number;
  /** SHA-256 over the sorted hashes of all lines, in hexadecimal. */
  readonly digest: string;
}

/**
 * What lines say, in whatever order and however they are cut into segments. 16 bytes a line are kept (some 40 in
 * memory), because they have to be sorted: a sum or an exclusive or needs none, but lets two wrong lines make up
 * for each other, and a line that stands twice vanish.
 */
export class RecordSet {
  readonly #hashes: string[] = [];
  readonly #bad: BadLine[] = [];

  /** @param path of the segment, for lines that cannot be read */
  add(path: string, { hashes, bad }: LineHashes): void {
    for (const hash of hashes) this.#hashes.push(hash);
    for (const one of bad) this.#bad.push({ path, ...one });
  }

  /** In the order in which they were added. */
  get bad(): readonly BadLine[] {
    return this.#bad;
  }

  facts(): RecordFacts {
    const digest = createHash('sha256');
    for (const hash of this.#hashes.sort((a, b) => (a < b ? -1 : 1))) digest.update(hash, 'latin1');
    const unreadable = this.#bad.length;
    return { records: this.#hashes.length - unreadable, unreadable, digest: digest.digest('hex') };
  }
}
