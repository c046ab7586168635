import type { IncomingMessage } from 'node:http';

/**
 * What to do with a request instead of serving it.
 * An object with a status is the answer; `cut` closes the connection before GitHub sees the request,
 * `cut-after` once it was handled: a lost answer. `delay` is milliseconds before it is served.
 */
export type Interception =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  | { readonly delay: number }
  | 'cut'
  | 'cut-after'
  | undefined;

export type Intercept = (request: {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}) => Interception | Promise<Interception>;
