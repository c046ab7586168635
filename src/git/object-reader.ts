import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { AnswerBuffer, type GitObject } from './answer-buffer.ts';
import { gitEnvironment } from './program.ts';

export type { GitObject } from './answer-buffer.ts';

interface Waiting {
  readonly name: string;
  resolve(found: GitObject | undefined): void;
  reject(error: Error): void;
}

/** One `git cat-file` process with its open questions. A new one never answers for an old one. */
interface Session {
  readonly child: ChildProcessWithoutNullStreams;
  readonly waiting: Waiting[];
  readonly answers: AnswerBuffer;
}

/**
 * Reads objects through one `git cat-file --batch` process: every repository layout that git knows,
 * and thousands of objects a second. Questions are answered in the order in which they are asked.
 */
export class ObjectReader {
  readonly #cwd: string;
  readonly #env: Readonly<Record<string, string>>;
  #session: Session | undefined;

  constructor(cwd: string, env: Readonly<Record<string, string>> = {}) {
    this.#cwd = cwd;
    this.#env = env;
  }

  /**
   * @param name an object id, or a revision such as `<commit>:<path>`
   * @returns undefined when there is no such object, or when what is there is damaged
   */
  read(name: string): Promise<GitObject | undefined> {
    // One question is one line: a second line would shift every later answer.
    if (name.includes('\n')) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      const { child, waiting } = this.#started();
      waiting.push({ name, resolve, reject });
      child.ref();
      child.stdin.write(`${name}\n`);
    });
  }

  /** Questions that are open are still answered. */
  close(): void {
    this.#session?.child.stdin.end();
    this.#session = undefined;
  }

  #started(): Session {
    if (this.#session !== undefined) return this.#session;
    const env = gitEnvironment(this.#env);
    const child = spawn('git', ['cat-file', '--batch'], { cwd: this.#cwd, env, stdio: 'pipe' });
    const session: Session = { child, waiting: [], answers: new AnswerBuffer() };
    child.stdout.on('data', (chunk: Buffer) => receive(session, chunk));
    child.stderr.resume();
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => this.#end(session, error));
    child.on('close', () => this.#end(session, new Error('git cat-file stopped')));
    this.#session = session;
    return session;
  }

  #end(session: Session, cause: Error): void {
    if (this.#session === session) this.#session = undefined;
    for (const { name, reject } of session.waiting.splice(0)) reject(unreadable(name, cause));
  }
}

function receive(session: Session, chunk: Buffer): void {
  const { answers, waiting } = session;
  answers.push(chunk);
  for (let answer = answers.take(); answer !== 'incomplete'; answer = answers.take())
    waiting.shift()?.resolve(answer);
  if (waiting.length === 0) rest(session.child);
}

/** An idle reader does not keep the program alive. */
function rest(child: ChildProcessWithoutNullStreams): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) unrefStream(stream);
}

function unrefStream(stream: unknown): void {
  const handle = stream as { unref?: () => void };
  handle.unref?.();
}

function unreadable(name: string, cause: Error): MillwrightError {
  return new MillwrightError('git-failed', `could not read ${name} from the repository`, {
    cause,
    retry: 'back-off',
  });
}
