import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { gitEnvironment } from './program.ts';
import type { Oid } from './repository.ts';

export interface GitObject {
  readonly oid: Oid;
  readonly type: 'blob' | 'tree' | 'commit' | 'tag';
  readonly body: Buffer;
}

interface Waiting {
  readonly name: string;
  resolve(found: GitObject | undefined): void;
  reject(error: Error): void;
}

/**
 * Reads objects through one `git cat-file --batch` process: every repository layout that git knows,
 * and thousands of objects a second. Questions are answered in the order in which they are asked.
 */
export class ObjectReader {
  readonly #cwd: string;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcessWithoutNullStreams | undefined;
  #waiting: Waiting[] = [];
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Bytes needed before the next answer can be complete. */
  #needed = 1;

  constructor(cwd: string, env: Readonly<Record<string, string>> = {}) {
    this.#cwd = cwd;
    this.#env = env;
  }

  /** @param name an object id, or a revision such as `<commit>:<path>` without line breaks */
  read(name: string): Promise<GitObject | undefined> {
    return new Promise((resolve, reject) => {
      const child = this.#started();
      this.#waiting.push({ name, resolve, reject });
      child.ref();
      child.stdin.write(`${name}\n`);
    });
  }

  close(): void {
    this.#child?.stdin.end();
    this.#child = undefined;
  }

  #started(): ChildProcessWithoutNullStreams {
    if (this.#child !== undefined) return this.#child;
    const child = spawn('git', ['cat-file', '--batch'], {
      cwd: this.#cwd,
      env: gitEnvironment(this.#env),
      stdio: 'pipe',
    });
    child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    child.stderr.resume();
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => this.#fail(child, error));
    child.on('close', () => this.#fail(child, new Error('git cat-file stopped')));
    this.#child = child;
    return child;
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered < this.#needed) return;
    let buffer = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    for (let rest = this.#take(buffer); rest !== undefined; rest = this.#take(buffer)) buffer = rest;
    this.#chunks = [buffer];
    this.#buffered = buffer.length;
    // An idle reader does not keep the program alive.
    if (this.#waiting.length === 0) this.#rest();
  }

  #rest(): void {
    const child = this.#child;
    if (child === undefined) return;
    child.unref();
    for (const stream of [child.stdin, child.stdout, child.stderr]) unrefStream(stream);
  }

  /** Takes one whole answer off the front; undefined when it has not all arrived. */
  #take(buffer: Buffer): Buffer | undefined {
    this.#needed = 1;
    const lineEnd = buffer.indexOf(10);
    const asked = this.#waiting[0];
    if (lineEnd === -1 || asked === undefined) return undefined;
    const header = buffer.toString('utf8', 0, lineEnd);
    const match = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/.exec(header);
    if (match === null) {
      this.#waiting.shift();
      asked.resolve(undefined);
      return buffer.subarray(lineEnd + 1);
    }
    const end = lineEnd + 1 + Number(match[3]);
    if (buffer.length < end + 1) {
      this.#needed = end + 1;
      return undefined;
    }
    this.#waiting.shift();
    const body = Buffer.from(buffer.subarray(lineEnd + 1, end));
    asked.resolve({ oid: match[1] ?? '', type: match[2] as GitObject['type'], body });
    return buffer.subarray(end + 1);
  }

  #fail(child: ChildProcessWithoutNullStreams, cause: Error): void {
    if (this.#child === child) this.#child = undefined;
    const waiting = this.#waiting.splice(0);
    this.#chunks = [];
    this.#buffered = 0;
    for (const { name, reject } of waiting) {
      reject(
        new MillwrightError('git-failed', `could not read ${name} from the repository`, {
          cause,
          retry: 'back-off',
        }),
      );
    }
  }
}

function unrefStream(stream: unknown): void {
  const handle = stream as { unref?: () => void };
  handle.unref?.();
}
