import { readFile } from 'node:fs/promises';
import type { Clock } from '../../contracts/clock.ts';
import type { GitRun } from '../program.ts';
import type { ServerTime } from '../ref-transport.ts';
import type { Remote } from '../remote-refs.ts';
import { type GitHttpConfig, gitHttpConfig } from './git-http-config.ts';
import { HttpSession } from './http-session.ts';

export type Purpose = 'read' | 'push';

interface Opened {
  readonly config: GitHttpConfig;
  readonly session: HttpSession;
}

interface HttpRouteOptions {
  readonly run: GitRun;
  readonly remote: Remote;
  readonly clock: Clock;
}

/** Decides what this process may ask a remote itself. Git is asked how it is set up at the first use. */
export class HttpRoute {
  /** The address without user and password. */
  readonly name: string;
  readonly #options: HttpRouteOptions;
  readonly #closed = new Set<Purpose>();
  #opening: Promise<Opened> | undefined;
  #session: HttpSession | undefined;

  constructor(options: HttpRouteOptions) {
    this.#options = options;
    this.name = Object.assign(new URL(options.remote.address), { username: '', password: '' }).href;
  }

  /** Undefined: the git program has to do it. */
  async session(purpose: Purpose): Promise<HttpSession | undefined> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    const { config, session } = await this.#opening;
    return config[purpose] && !this.#closed.has(purpose) ? session : undefined;
  }

  close(purpose: Purpose): void {
    this.#closed.add(purpose);
  }

  serverTime(): ServerTime | undefined {
    return this.#session?.serverTime();
  }

  async #open(): Promise<Opened> {
    const { run, remote, clock } = this.#options;
    const config = await gitHttpConfig(run, remote);
    const { headers, certificates: path } = config;
    const { address } = remote;
    const certificates = path === undefined ? undefined : await readFile(path).catch(() => undefined);
    // Whoever names certificates does not mean others: git says what is wrong with that file.
    if (path !== undefined && certificates === undefined) this.#closed.add('read').add('push');
    this.#session = new HttpSession({ address, name: this.name, clock, run, headers, certificates });
    return { config, session: this.#session };
  }
}
