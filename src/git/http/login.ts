import { type GitRun, git } from '../program.ts';
import { failureOf } from './http-failure.ts';

interface Credential {
  /** The value of the `Authorization` header. */
  readonly header: string;
  /** What git's helpers said, to be handed back to them; undefined for a password in the address. */
  readonly helpers: string | undefined;
}

/** Who asks: the user and password of the address, else what the credential helpers of the user's git know. */
export class Login {
  readonly #address: URL;
  readonly #run: GitRun;
  /** The address without user and password, for messages. */
  readonly #name: string;
  #current: Credential | undefined;
  #approved = false;
  #asking: Promise<string> | undefined;

  /** @param run where helpers are asked; a helper may be set for one repository only */
  constructor(address: URL, name: string, run: GitRun) {
    this.#address = address;
    this.#name = name;
    this.#run = run;
    const { username, password } = address;
    if (password !== '')
      this.#current = { header: basic(decoded(username), decoded(password)), helpers: undefined };
  }

  /** What to send now. Servers that ask for nothing get nothing. */
  get header(): string | undefined {
    return this.#current?.header;
  }

  /**
   * Another header, after the server has not taken this one. Throws `remote-credentials`.
   * @param challenges what the server wants, for helpers that choose by it
   */
  renewed(refused: string | undefined, challenges: readonly string[]): Promise<string> {
    const current = this.#current?.header;
    if (current !== undefined && current !== refused) return Promise.resolve(current);
    this.#asking ??= this.#ask(challenges).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** The server took it: helpers may keep it. */
  async accepted(header: string | undefined): Promise<void> {
    const helpers = this.#current?.helpers;
    if (this.#approved || helpers === undefined || this.#current?.header !== header) return;
    this.#approved = true;
    await git(['credential', 'approve'], { ...this.#run, input: helpers });
  }

  /** The server did not take it: helpers forget it. */
  async refused(header: string | undefined): Promise<void> {
    const current = this.#current;
    if (current?.helpers === undefined || current.header !== header) return;
    this.#current = undefined;
    await git(['credential', 'reject'], { ...this.#run, input: current.helpers });
  }

  async #ask(challenges: readonly string[]): Promise<string> {
    if (this.#current !== undefined && this.#current.helpers === undefined) throw this.#failed('');
    // A token may have served for an hour and expired now.
    await this.refused(this.#current?.header);
    const answer = await git(['credential', 'fill'], { ...this.#run, input: this.#question(challenges) });
    const helpers = answer.stdout.toString('utf8');
    const { username = '', password } = fieldsOf(helpers);
    if (answer.code !== 0 || password === undefined) throw this.#failed(answer.stderr);
    this.#current = { header: basic(username, password), helpers };
    this.#approved = false;
    return this.#current.header;
  }

  /** Format: git-credential of the git documentation. */
  #question(challenges: readonly string[]): string {
    const { protocol, host, pathname, username } = this.#address;
    const fields = [`protocol=${protocol.slice(0, -1)}`, `host=${host}`, `path=${pathname.slice(1)}`];
    if (username !== '') fields.push(`username=${decoded(username)}`);
    fields.push(...challenges.map((challenge) => `wwwauth[]=${challenge}`));
    if (fields.some((field) => /[\n\r\0]/.test(field)))
      throw this.#failed('the address has a line end in it');
    return `${fields.join('\n')}\n\n`;
  }

  #failed(words: string) {
    return failureOf(this.#name, 'log in to', `Authentication failed for '${this.#name}'\n${words}`.trim());
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function fieldsOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** A stray percent sign stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
