import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { listen, shutDown } from '../../../llm/loopback-server.ts';

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
  /** Instead of an answer: nothing at all, or the connection ends before or amid it. */
  readonly fault?: 'silence' | 'cut' | 'cut-amid';
}

export interface FakeGithub extends AsyncDisposable {
  readonly url: string;
  readonly asked: Asked[];
}

/** A server on this machine that answers as `answer` says. The number counts all requests from 0. */
export async function fakeGithub(answer: (asked: Asked, number: number) => Scripted): Promise<FakeGithub> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body: Buffer.concat(chunks).toString() };
      asked.push(one);
      send(response, answer(one, asked.length - 1));
    });
  });
  return {
    url: await listen(server),
    asked,
    [Symbol.asyncDispose]: () => shutDown(server),
  };
}

function send(response: ServerResponse, { status = 200, headers = {}, body, fault }: Scripted): void {
  if (fault === 'silence') return;
  if (fault === 'cut') return void response.destroy();
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const cut = fault === 'cut-amid' ? { 'content-length': String(text.length + 100) } : {};
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers, ...cut });
  if (fault === 'cut-amid') response.write(text, () => response.destroy());
  else response.end(text);
}
