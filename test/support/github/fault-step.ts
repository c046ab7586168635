import type { IncomingMessage } from 'node:http';

export interface FaultScript {
  /** What happens, in one sentence. */
  readonly about: string;
  readonly steps: readonly FaultStep[];
}

export interface FaultStep {
  readonly match: {
    /** `*` is every method. */
    readonly method: string;
    /** `*` is one part of a path, `**` any number of them. */
    readonly path: string;
    readonly query?: Readonly<Record<string, string>>;
  };
  /** Default 1. */
  readonly times?: number;
  readonly answer: FaultAnswer;
}

export interface FaultAnswer {
  /** Default 200. */
  readonly status?: number;
  /** `{now+60}` is a time in seconds since 1970, `{origin}` the address of the server. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; `{origin}` as in headers. */
  readonly body?: unknown;
  /** In place of `body`: text, and numbers that are pauses in milliseconds. */
  readonly pieces?: readonly (string | number)[];
  /** Milliseconds before the first byte. */
  readonly delay?: number;
  /** Ends the connection in place of the answer, or when it is written but not finished. */
  readonly cut?: 'before' | 'after';
  /** In place of an answer of its own: the upstream's, spoiled. */
  readonly upstream?: {
    /** Parameters that are asked for in place of the client's. */
    readonly query?: Readonly<Record<string, string>>;
    /** Fields of the JSON that are replaced. */
    readonly change?: Readonly<Record<string, unknown>>;
    /** How much of the text is sent, from 0 to 1. */
    readonly part?: number;
  };
}

export function matches({ match }: FaultStep, req: IncomingMessage): boolean {
  const url = new URL(req.url ?? '/', 'http://127.0.0.1');
  if (match.method !== '*' && match.method !== req.method) return false;
  if (!patternOf(match.path).test(url.pathname)) return false;
  return Object.entries(match.query ?? {}).every(([name, value]) => url.searchParams.get(name) === value);
}

function patternOf(path: string): RegExp {
  const source = path
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**', '\u0000')
    .replaceAll('*', '[^/]+')
    .replaceAll('\u0000', '.*');
  return new RegExp(`^${source}$`);
}
