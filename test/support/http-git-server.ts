import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { type Backend, backendPath, relayAnswer, startBackend } from './git-cgi.ts';

/**
 * What to do with a request instead of serving it.
 * An object is sent as the answer. `cut` takes the whole request and closes the connection, so the
 * repository never sees it. `cut-after` lets the repository handle it and then closes: a lost answer.
 */
export type Interception =
  | { status: number; headers?: Readonly<Record<string, string>>; body?: string }
  | 'cut'
  | 'cut-after';

export interface HttpGitServerOptions {
  /** The folder that holds the bare repositories; the first part of a URL's path is a name in it. */
  root: string;
  /** With `password`: every request needs basic authentication. */
  user?: string;
  password?: string;
  /**
   * False closes every connection after one answer. Git's http library silently sends a request a second
   * time when a connection it has used before is closed without an answer, so on a kept connection a lost
   * push arrives twice. Default true.
   */
  keepAlive?: boolean;
  /** Asked for every request, before authentication. Undefined serves it. A promise delays it. */
  intercept?: (req: IncomingMessage) => Interception | undefined | Promise<Interception | undefined>;
}

export interface HttpGitServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Every request so far, in order of arrival; `at` is milliseconds since 1970. */
  readonly requests: readonly { method: string; url: string; at: number }[];
  /** Closes every connection and waits for every backend to end. May be called twice. */
  stop(): Promise<void>;
}

interface Service extends HttpGitServerOptions {
  backend: string;
  requests: { method: string; url: string; at: number }[];
  running: Set<Backend>;
}

/** Serves the repositories in `root` over smart http on a free loopback port, through `git http-backend`. */
export async function httpGitServer(options: HttpGitServerOptions): Promise<HttpGitServer> {
  const service: Service = { ...options, backend: await backendPath(), requests: [], running: new Set() };
  const server = createServer((req, res) => {
    handle(service, req, res).catch((error: unknown) => fail(res, error));
  });
  const port = await listen(server);
  const stop = () => shutDown(server, service);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: service.requests,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function handle(service: Service, req: IncomingMessage, res: ServerResponse): Promise<void> {
  service.requests.push({ method: req.method ?? '', url: req.url ?? '', at: Date.now() });
  if (service.keepAlive === false) res.setHeader('Connection', 'close');
  const verdict = await service.intercept?.(req);
  if (verdict === 'cut') return cut(req);
  if (typeof verdict === 'object') return answer(req, res, verdict);
  if (!isAllowed(service, req)) return answer(req, res, passwordWanted);
  await serve(service, req, res, verdict === 'cut-after');
}

const passwordWanted = {
  status: 401,
  headers: { 'WWW-Authenticate': 'Basic realm="git"' },
  body: 'A user name and a password are needed.\n',
};

async function cut(req: IncomingMessage): Promise<void> {
  await takeBody(req);
  req.socket.destroy();
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  reply: Exclude<Interception, string>,
): Promise<void> {
  await takeBody(req);
  res.writeHead(reply.status, { ...reply.headers }).end(reply.body ?? '');
}

function takeBody(req: IncomingMessage): Promise<void> {
  // A client that leaves halfway has sent all it will ever send.
  return finished(req.resume(), { writable: false }).catch(() => undefined);
}

function isAllowed({ user, password }: Service, req: IncomingMessage): boolean {
  if (user === undefined && password === undefined) return true;
  const wanted = Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64');
  return req.headers.authorization === `Basic ${wanted}`;
}

async function serve(
  service: Service,
  req: IncomingMessage,
  res: ServerResponse,
  loseAnswer: boolean,
): Promise<void> {
  const backend = startBackend(service.backend, service.root, service.user, req);
  service.running.add(backend);
  if (loseAnswer) backend.process.stdout.resume();
  // A client that leaves before the answer is its own affair.
  else await relayAnswer(backend, res).catch(() => res.destroy());
  await backend.closed;
  service.running.delete(backend);
  if (loseAnswer) req.socket.destroy();
}

function fail(res: ServerResponse, error: unknown): void {
  if (res.headersSent) res.destroy();
  else res.writeHead(500).end(`The test server failed: ${String(error)}\n`);
}

async function shutDown(server: Server, service: Service): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  for (const backend of service.running) backend.process.kill();
  await Promise.all([...service.running].map((backend) => backend.closed));
  await closed;
}
