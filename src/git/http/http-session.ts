import type { Agent } from 'node:http';
import type { Clock } from '../../contracts/clock.ts';
import type { GitRun } from '../program.ts';
import type { ServerTime } from '../ref-transport.ts';
import { badAnswer } from './bad-answer.ts';
import {
  exchange,
  type HttpAnswer,
  type HttpFailure,
  type HttpQuestion,
  keepAliveAgent,
} from './exchange.ts';
import { connectionFailure, isUntrusted, statusFailure } from './http-failure.ts';
import { Login } from './login.ts';
import { retryAfter } from './retry-after.ts';
import { ServerClock } from './server-clock.ts';

export type GitService = 'git-upload-pack' | 'git-receive-pack';

export interface HttpSessionOptions {
  readonly address: string;
  /** The address without user and password, for messages. */
  readonly name: string;
  readonly clock: Clock;
  readonly run: GitRun;
  /** Of `http.extraHeader`. */
  readonly headers: Readonly<Record<string, string[]>>;
  /** The certificates to trust; undefined: those that come with this program. */
  readonly certificates: Buffer | undefined;
}

/** What can be done here is no match for this server; the git program may be. */
export type Elsewhere = 'elsewhere';

/** How often a busy server is waited for within one call. */
const WAITS = 3;

/** A conversation with one repository over http: connections that stay open, login, waiting, the server's time. */
export class HttpSession {
  readonly #options: HttpSessionOptions;
  readonly #login: Login;
  readonly #agent: Agent;
  readonly #clock: ServerClock;
  /** Without user, password and slash at the end. */
  #base: URL;

  constructor(options: HttpSessionOptions) {
    this.#options = options;
    this.#base = baseOf(options.address);
    this.#login = new Login(new URL(options.address), options.name, options.run);
    this.#agent = keepAliveAgent(this.#base, options.certificates);
    this.#clock = new ServerClock(options.clock);
  }

  /** The address without user and password. */
  get name(): string {
    return this.#options.name;
  }

  serverTime(): ServerTime | undefined {
    return this.#clock.now();
  }

  /**
   * The body of the answer to one question. Throws what `remoteFailure` says.
   * @param action for messages, such as "push to"
   */
  async post(service: GitService, body: Uint8Array, action: string): Promise<Buffer | Elsewhere> {
    const answer = await this.#patiently({ method: 'POST', path: `/${service}`, service, body, action });
    if (answer === 'elsewhere') return answer;
    if (answer.status !== 200) throw statusFailure(this.#options.name, action, answer);
    const type = answer.headers['content-type'] ?? '';
    if (type !== `application/x-${service}-result`) throw badAnswer(`an answer of ${service}`, answer.body);
    return answer.body;
  }

  /** The advertisement of the refs; undefined when the server has none to show in this way. */
  async advertisement(): Promise<Buffer | undefined> {
    const service = 'git-upload-pack';
    const path = `/info/refs?service=${service}`;
    const answer = await this.#patiently({
      method: 'GET',
      path,
      service,
      body: Buffer.alloc(0),
      action: 'ask',
    });
    return answer !== 'elsewhere' && answer.status === 200 ? answer.body : undefined;
  }

  /** 429 and 503 mean that nothing was done, for a push as well. */
  async #patiently(asked: Asked): Promise<HttpAnswer | Elsewhere> {
    for (let waits = 0; ; waits += 1) {
      const answer = await this.#followed(asked);
      const wait = answer === 'elsewhere' ? undefined : retryAfter(answer);
      if (wait === undefined || waits === WAITS) return answer;
      await this.#options.clock.sleep(wait);
    }
  }

  /** Only on the same server: credentials must not travel. */
  async #followed(asked: Asked): Promise<HttpAnswer | Elsewhere> {
    const answer = await this.#loggedIn(asked);
    if (answer === 'elsewhere' || ![301, 302, 303, 307, 308].includes(answer.status)) return answer;
    const { location = '' } = answer.headers;
    if (!URL.canParse(location, this.#base.href)) return 'elsewhere';
    const target = new URL(location, this.#urlOf(asked));
    if (target.origin !== this.#base.origin || !target.href.endsWith(asked.path)) return 'elsewhere';
    this.#base = baseOf(target.href.slice(0, -asked.path.length));
    const again = await this.#loggedIn(asked);
    return again !== 'elsewhere' && again.status >= 300 && again.status < 400 ? 'elsewhere' : again;
  }

  async #loggedIn(asked: Asked): Promise<HttpAnswer | Elsewhere> {
    const sent = this.#login.header;
    const answer = await this.#answered(asked, sent);
    if (answer === 'elsewhere' || answer.status !== 401) return this.#settled(answer, sent);
    const challenges = challengesOf(answer);
    if (challenges.length > 0 && !challenges.some((challenge) => /\bbasic\b/i.test(challenge)))
      return 'elsewhere';
    if (this.#options.headers.authorization !== undefined) return answer;
    const other = await this.#login.renewed(sent, challenges);
    return this.#settled(await this.#answered(asked, other), other);
  }

  async #settled(
    answer: HttpAnswer | Elsewhere,
    header: string | undefined,
  ): Promise<HttpAnswer | Elsewhere> {
    if (answer === 'elsewhere') return answer;
    if (answer.status === 401) await this.#login.refused(header);
    else if (answer.status < 300) await this.#login.accepted(header);
    return answer;
  }

  /** A server closes connections that rest. A question may be asked again then; a push may have arrived. */
  async #answered(asked: Asked, authorization: string | undefined): Promise<HttpAnswer | Elsewhere> {
    const question = this.#questionOf(asked, authorization);
    let answer = await exchange(this.#agent, question, this.#options.clock);
    if ('error' in answer && answer.reused && asked.service === 'git-upload-pack')
      answer = await exchange(this.#agent, question, this.#options.clock);
    return this.#orThrow(answer, asked.action);
  }

  #orThrow(answer: HttpAnswer | HttpFailure, action: string): HttpAnswer | Elsewhere {
    if (!('error' in answer)) {
      this.#clock.observe(answer);
      return answer;
    }
    if (isUntrusted(answer.error)) return 'elsewhere';
    throw connectionFailure(this.#options.name, action, answer.error);
  }

  #questionOf(asked: Asked, authorization: string | undefined): HttpQuestion {
    const { method, service, body } = asked;
    const headers: Record<string, string | string[]> = {
      // Forges tell a git client from a browser by the beginning of this.
      'User-Agent': 'git/2 (millwright)',
      Accept: method === 'GET' ? '*/*' : `application/x-${service}-result`,
    };
    if (method === 'POST') headers['Content-Type'] = `application/x-${service}-request`;
    if (service === 'git-upload-pack') headers['Git-Protocol'] = 'version=2';
    if (authorization !== undefined) headers.authorization = authorization;
    return { method, url: this.#urlOf(asked), headers: { ...headers, ...this.#options.headers }, body };
  }

  #urlOf({ path }: Asked): URL {
    return new URL(this.#base.href.replace(/\/$/, '') + path);
  }
}

interface Asked {
  readonly method: 'GET' | 'POST';
  /** After the address of the repository. */
  readonly path: string;
  readonly service: GitService;
  readonly body: Uint8Array;
  readonly action: string;
}

function baseOf(address: string): URL {
  const url = Object.assign(new URL(address), { username: '', password: '', hash: '' });
  return new URL(url.href.replace(/\/+$/, ''));
}

function challengesOf({ headers }: HttpAnswer): string[] {
  const challenges = headers['www-authenticate'];
  return challenges === undefined ? [] : [challenges];
}
