import type { Oid } from './repository.ts';

export interface GitObject {
  readonly oid: Oid;
  readonly type: 'blob' | 'tree' | 'commit' | 'tag';
  readonly body: Buffer;
}

/**
 * What `git cat-file --batch` has printed so far. An answer is `<oid> <type> <size>`, a line end, the body
 * and another line end; or one line of other words when there is no such object.
 */
export class AnswerBuffer {
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Bytes needed before the next answer can be complete: a big body is joined once, not at every chunk. */
  #needed = 1;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
  }

  /** Takes one whole answer off the front. undefined: there is no such object. */
  take(): GitObject | undefined | 'incomplete' {
    if (this.#buffered < this.#needed) return 'incomplete';
    const buffer = this.#joined();
    const lineEnd = buffer.indexOf(10);
    if (lineEnd === -1) return this.#wait(buffer.length + 1);
    const header = buffer.toString('utf8', 0, lineEnd);
    const match = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/.exec(header);
    if (match === null) return this.#drop(lineEnd + 1);
    const end = lineEnd + 1 + Number(match[3]);
    if (buffer.length < end + 1) return this.#wait(end + 1);
    this.#drop(end + 1);
    const body = Buffer.from(buffer.subarray(lineEnd + 1, end));
    return { oid: match[1] ?? '', type: match[2] as GitObject['type'], body };
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    const buffer = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [buffer];
    return buffer;
  }

  #wait(bytes: number): 'incomplete' {
    this.#needed = bytes;
    return 'incomplete';
  }

  #drop(bytes: number): undefined {
    const rest = this.#joined().subarray(bytes);
    this.#chunks = [rest];
    this.#buffered = rest.length;
    this.#needed = 1;
  }
}
