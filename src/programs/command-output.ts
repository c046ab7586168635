import { MaskedLines } from './masked-lines.ts';
import type { Transcript } from './transcript.ts';

const TAIL_CHARACTERS = 4_096;
const STDOUT_BYTES = 4 * 1024 * 1024;

/** What a command prints, as far as its limit: masked into the transcript, and the end of it kept. */
export class CommandOutput {
  readonly #limit: number;
  readonly #transcript: Transcript;
  readonly #lines = { stdout: new MaskedLines(), stderr: new MaskedLines() };
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #bytes = 0;
  #tail = '';

  constructor(limit: number, transcript: Transcript) {
    this.#limit = limit;
    this.#transcript = transcript;
  }

  /** False when the limit is passed. */
  take(name: 'stdout' | 'stderr', chunk: Buffer): boolean {
    const taken = chunk.subarray(0, Math.max(0, this.#limit - this.#bytes));
    this.#bytes += taken.length;
    this.#write(this.#lines[name].feed(taken));
    if (name === 'stdout') this.#keep(taken);
    return taken.length === chunk.length;
  }

  end(): void {
    this.#write(this.#lines.stdout.end());
    this.#write(this.#lines.stderr.end());
  }

  get bytes(): number {
    return this.#bytes;
  }

  get tail(): string {
    return this.#tail;
  }

  get stdout(): string {
    return Buffer.concat(this.#kept).toString('utf8');
  }

  #write(text: string): void {
    this.#transcript.write(text);
    this.#tail = (this.#tail + text).slice(-TAIL_CHARACTERS);
  }

  #keep(chunk: Buffer): void {
    this.#kept.push(chunk);
    this.#keptBytes += chunk.length;
    while (this.#keptBytes - (this.#kept[0]?.length ?? 0) > STDOUT_BYTES)
      this.#keptBytes -= this.#kept.shift()?.length ?? 0;
  }
}
