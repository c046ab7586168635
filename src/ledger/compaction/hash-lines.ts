import { hash } from 'node:crypto';
import type { BadLine } from '../segments.ts';
import { canonicalRecord } from './canonical-record.ts';

/** The lines of a segment, each as 128 bits. */
export interface LineHashes {
  /** One text of 16 characters, of one byte each, for every line that is not empty. */
  readonly hashes: readonly string[];
  /** Lines that are no records: their numbers, counted from 1, and how they begin. */
  readonly bad: readonly Pick<BadLine, 'line' | 'found'>[];
}

/** Hashes every line of a segment: a record by its canonical text, whatever else it is by its bytes. */
export function hashLines(content: Buffer): LineHashes {
  const hashes: string[] = [];
  const bad: { line: number; found: string }[] = [];
  let number = 0;
  for (const line of linesOf(content)) {
    number += 1;
    if (line.length === 0) continue;
    const record = canonicalRecord(line);
    if (record === undefined) bad.push({ line: number, found: line.toString('utf8', 0, 320).slice(0, 80) });
    hashes.push(shortHash(record ?? line));
  }
  return { hashes, bad };
}

function* linesOf(content: Buffer): Generator<Buffer> {
  for (let from = 0; from < content.length; ) {
    const found = content.indexOf(10, from);
    const end = found === -1 ? content.length : found;
    yield content.subarray(from, end);
    from = end + 1;
  }
}

function shortHash(text: string | Buffer): string {
  return hash('sha256', text, 'buffer').toString('latin1', 0, 16);
}
