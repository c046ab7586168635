import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { Issue } from '../contracts/issue.ts';

export interface ForeignLine {
  /** Counted from 1. */
  readonly number: number;
  /** Without its line end. Of a line that cannot be taken, the beginning. */
  readonly text: string;
  readonly bytes: number;
  readonly problem?: Issue;
}

const CHUNK_BYTES = 1 << 20;
const SHOWN_BYTES = 100_000;

/**
 * The lines of a file of any size, a chunk at a time. Only LF and CRLF end a line: the other line ends of
 * Unicode may stand inside a JSON string. A line that is too long is counted, but not held in memory.
 */
export async function* readLines(path: string, mostBytes: number): AsyncGenerator<ForeignLine[]> {
  let number = 0;
  let open = new OpenLine(mostBytes);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const lines: ForeignLine[] = [];
    let rest = chunk as Buffer;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      open.add(rest.subarray(0, end));
      number += 1;
      lines.push(open.close(number));
      open = new OpenLine(mostBytes);
      rest = rest.subarray(end + 1);
    }
    open.add(rest);
    if (lines.length > 0) yield lines;
  }
  if (open.bytes > 0) yield [open.close(number + 1)];
}

/** The line that is being read. Past the limit it keeps its beginning and its length. */
class OpenLine {
  readonly #most: number;
  #parts: Buffer[] = [];
  bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(part: Buffer): void {
    this.bytes += part.length;
    if (this.bytes <= this.#most) this.#parts.push(part);
    else this.#parts = [Buffer.from(Buffer.concat([...this.#parts, part]).subarray(0, SHOWN_BYTES))];
  }

  close(number: number): ForeignLine {
    const content = this.#parts.length === 1 ? (this.#parts[0] ?? Buffer.of()) : Buffer.concat(this.#parts);
    const text = content
      .toString('utf8')
      .replace(number === 1 ? /^\uFEFF/ : /^$/, '')
      .replace(/\r$/, '');
    const problem = this.#problem(content);
    return { number, text, bytes: this.bytes, ...(problem === undefined ? {} : { problem }) };
  }

  #problem(content: Buffer): Issue | undefined {
    if (this.bytes > this.#most)
      return { field: '', expected: `at most ${this.#most} bytes`, found: `${this.bytes} bytes` };
    if (isUtf8(content)) return undefined;
    return { field: '', expected: 'UTF-8 text', found: 'bytes that are not UTF-8' };
  }
}
