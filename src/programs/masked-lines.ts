import { StringDecoder } from 'node:string_decoder';
import { maskSecrets } from '../contracts/secrets.ts';

const keyBegins = /-----BEGIN [A-Z ]*PRIVATE KEY/;
const keyEnds = /-----END [A-Z ]*PRIVATE KEY/;

/** A stream of bytes as text whose secrets are masked, whole lines at a time: half a token would not be known as one. */
export class MaskedLines {
  readonly #decoder = new StringDecoder('utf8');
  #pending = '';
  #inKey = false;

  /** The lines that this chunk has completed. */
  feed(chunk: Buffer): string {
    const text = this.#pending + this.#decoder.write(chunk);
    const end = text.lastIndexOf('\n') + 1;
    this.#pending = text.slice(end);
    return end === 0 ? '' : this.#masked(text.slice(0, end));
  }

  /** What is left at the end of the stream. */
  end(): string {
    const rest = this.#pending + this.#decoder.end();
    this.#pending = '';
    return rest === '' ? '' : this.#masked(rest);
  }

  #masked(lines: string): string {
    return lines
      .split(/(?<=\n)/)
      .map((line) => this.#maskedLine(line))
      .join('');
  }

  /** The lines of a private key look like nothing: they are known by the line before them. */
  #maskedLine(line: string): string {
    const within = this.#inKey && /^[\w+/=:,\s-]*$/.test(line);
    this.#inKey = (within || keyBegins.test(line)) && !keyEnds.test(line);
    return within ? '' : maskSecrets(line.replace(/\r?\n$/, '')) + (line.endsWith('\n') ? '\n' : '');
  }
}
