import type { ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.ts';

export interface ServerQuestion {
  /** Milliseconds to add to every request from now on. */
  readonly delay?: number;
  /** Pushes that arrived in this time are counted; milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
}

export interface ServerAnswer {
  readonly url: string;
  /** Processor time so far, with that of all git processes that have served a request. */
  readonly cpuMs: number;
  readonly pushes: number;
}

/** The server of a run, in a process of its own. */
export class Server {
  readonly #home: Home;
  readonly #root: string;
  readonly #child: ChildProcess;
  readonly #url: string;
  #repositories = 0;

  private constructor(home: Home, root: string, child: ChildProcess, url: string) {
    this.#home = home;
    this.#root = root;
    this.#child = child;
    this.#url = url;
  }

  static async start(home: Home, script: string): Promise<Server> {
    const root = join(home.dir, 'server');
    await mkdir(root);
    const child = home.start(script, [root]);
    const { url } = await nextAnswer(child);
    return new Server(home, root, child, url);
  }

  ask(question: Partial<ServerQuestion> = {}): Promise<ServerAnswer> {
    const answer = nextAnswer(this.#child);
    this.#child.send({ since: 0, until: 0, ...question });
    return answer;
  }

  /** Serves a copy of a bare repository, at an address that nobody has used. */
  async serve(bare: string): Promise<{ readonly url: string; readonly dir: string }> {
    this.#repositories += 1;
    const name = `${this.#repositories}.git`;
    const dir = join(this.#root, name);
    await this.#home.must('cp', ['-R', bare, dir]);
    return { url: `${this.#url}/${name}`, dir };
  }

  async drop(dir: string): Promise<void> {
    await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

function nextAnswer(child: ChildProcess): Promise<ServerAnswer> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the server ended')));
    child.once('message', (answer) => {
      child.removeAllListeners('exit');
      resolve(answer as ServerAnswer);
    });
  });
}
