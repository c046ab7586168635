import { type FileHandle, open } from 'node:fs/promises';

const BUFFERED = 1_000_000;

/** A file of lines that is made when the first one comes, and written in big pieces. */
export class RejectsFile {
  readonly #path: string;
  #handle: FileHandle | undefined;
  #text = '';
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Throws what the file system says, for this line or for one before it. */
  async add(line: string): Promise<void> {
    this.#text += line;
    if (this.#text.length >= BUFFERED) await this.#flush();
  }

  async close(): Promise<void> {
    try {
      if (this.#text !== '') await this.#flush();
    } finally {
      await this.#handle?.close();
    }
  }

  /** One write after the other: lines come from the reader and from the publisher. */
  #flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    this.#writing = this.#writing.then(async () => {
      this.#handle ??= await open(this.#path, 'w');
      await this.#handle.appendFile(text);
    });
    return this.#writing;
  }
}
