/**
 * A server on the loopback that speaks the wire format of the Anthropic API: streams, plain answers, batches.
 *
 *     await using fake = await startFakeAnthropic();           // {url, key, requests, ...}
 *     fake.script({ do: 'status', status: 529 }, { do: 'text', text: 'hello' });   // one for each question
 *     fake.always({ do: 'text', text: 'again' });              // what comes when the script is at its end
 *     anthropicAdapter({ baseUrl: fake.url, apiKey: fake.key, ... });
 *     fake.requests[0]?.body                                   // what was asked, parsed
 *     fake.finishBatches({ 'custom-id': { ends: 'expired' } }, { ends: 'succeeded', text: 'ok' });
 *
 * Questions without a behaviour, or that the real API would refuse, are answered 400; a wrong key 401.
 * Batches are under way until `finishBatches`; `forgetBatches` answers 404 for all of them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { batchDesk, type FakeBatchEnding } from './fake-anthropic-server-batches.ts';
import { complaintAbout } from './fake-anthropic-server-rules.ts';
import { type FakeReply, messageOf, streamReply } from './fake-anthropic-server-stream.ts';
import { listen, shutDown } from './loopback-server.ts';

export type FakeBehaviour =
  /** A whole answer: `text`, then `tools`. `json` is a value that becomes the text. */
  | ({ readonly do: 'text' } & FakeReply)
  | ({
      readonly do: 'tool';
      readonly name: string;
      readonly input: unknown;
      readonly id?: string;
    } & FakeReply)
  | ({ readonly do: 'json'; readonly value: unknown } & FakeReply)
  /** An error answer. `type` is that of the body; by the status when it is left out. */
  | {
      readonly do: 'status';
      readonly status: number;
      readonly type?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Instead of the usual body. */
      readonly body?: string;
    }
  /** Takes the question and closes the connection: before the head of the answer, or after so many pieces. */
  | { readonly do: 'cut-before' }
  | ({ readonly do: 'cut-within'; readonly after?: number } & FakeReply)
  /** Never answers; or begins to, and then says no more. */
  | { readonly do: 'hang' }
  | ({ readonly do: 'hang-within'; readonly after?: number } & FakeReply)
  /** An `error` event, instead of the first event or after so many pieces. */
  | ({
      readonly do: 'error-event';
      readonly type: string;
      readonly message?: string;
      readonly after?: number;
    } & FakeReply)
  /** One piece every so many milliseconds. */
  | ({ readonly do: 'drip'; readonly everyMs: number } & FakeReply)
  /** 200 and these bytes. */
  | { readonly do: 'garbage'; readonly body?: string | Uint8Array; readonly contentType?: string }
  /** So many megabytes of text, in one answer. */
  | { readonly do: 'big'; readonly megabytes: number };

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface FakeAnthropic extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** The key that it takes. It has the shape of a real one and opens nothing. */
  readonly key: string;
  /** In order of arrival, batches included. */
  readonly requests: readonly FakeRequest[];
  script(...behaviours: FakeBehaviour[]): void;
  always(behaviour: FakeBehaviour): void;
  /** Ends every batch: each request as named, all others as `otherwise` (default: succeeded, text "ok"). */
  finishBatches(endings?: Readonly<Record<string, FakeBatchEnding>>, otherwise?: FakeBatchEnding): void;
  forgetBatches(): void;
  /** Drops every connection. May be called twice. */
  close(): Promise<void>;
}

interface Service {
  readonly key: string;
  readonly requests: FakeRequest[];
  readonly queue: FakeBehaviour[];
  fallback: FakeBehaviour | undefined;
  readonly desk: ReturnType<typeof batchDesk>;
}

export async function startFakeAnthropic(
  key = `sk-ant-api03-${'opens-nothing-'.repeat(3)}AA`,
): Promise<FakeAnthropic> {
  const service: Service = { key, requests: [], queue: [], fallback: undefined, desk: batchDesk() };
  const server = createServer((req, res) => {
    serve(service, req, res).catch(() => res.destroy());
  });
  const url = await listen(server);
  service.desk.setUrl(url);
  const close = () => shutDown(server);
  return {
    url,
    key,
    requests: service.requests,
    script: (...behaviours) => {
      service.queue.push(...behaviours);
    },
    always: (behaviour) => {
      service.fallback = behaviour;
    },
    finishBatches: service.desk.finish,
    forgetBatches: service.desk.forget,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function serve(service: Service, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers } = req;
  const body = await readJson(req);
  service.requests.push({ method, path: url, headers, body });
  if (headers.authorization !== `Bearer ${service.key}`) {
    // Providers quote the key that they refuse: nothing of it may come out on the other side.
    return refuse(
      res,
      401,
      'authentication_error',
      `invalid bearer token ${headers.authorization ?? '(none)'}`,
    );
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(headers['anthropic-version']))) {
    return refuse(res, 400, 'invalid_request_error', 'anthropic-version: header is required');
  }
  if (url.startsWith('/v1/messages/batches')) return service.desk.serve(method, url, body, res);
  if (method !== 'POST' || url !== '/v1/messages') {
    return refuse(res, 404, 'not_found_error', `Not found: ${url}`);
  }
  await answer(service.queue.shift() ?? service.fallback, body, res);
}

async function answer(
  behaviour: FakeBehaviour | undefined,
  body: unknown,
  res: ServerResponse,
): Promise<void> {
  const complaint = complaintAbout(body);
  if (complaint !== undefined) return refuse(res, 400, 'invalid_request_error', complaint);
  if (behaviour === undefined) return refuse(res, 400, 'invalid_request_error', 'nothing is in the script');
  switch (behaviour.do) {
    case 'status':
      return sendStatus(res, behaviour);
    case 'cut-before':
      res.socket?.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'garbage':
      res.writeHead(200, { 'content-type': behaviour.contentType ?? 'text/event-stream' });
      res.end(behaviour.body ?? '<html>\u0000 not what was asked for');
      return;
    default:
      if ((body as { stream?: boolean }).stream === true) return streamReply(behaviour, modelOf(body), res);
      return send(res, 200, messageOf(behaviour, modelOf(body)));
  }
}

function modelOf(body: unknown): string {
  return String((body as { model?: unknown }).model);
}

function sendStatus(res: ServerResponse, of: Extract<FakeBehaviour, { do: 'status' }>): void {
  const type = of.type ?? errorTypes[of.status] ?? (of.status >= 500 ? 'api_error' : 'invalid_request_error');
  if (of.body === undefined) {
    refuse(res, of.status, type, of.message ?? `made ${of.status}`, of.headers);
    return;
  }
  res.writeHead(of.status, { 'content-type': 'text/html', ...of.headers });
  res.end(of.body);
}

const errorTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

function refuse(
  res: ServerResponse,
  status: number,
  type: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(res, status, { type: 'error', error: { type, message }, request_id: 'req_fake' }, headers);
}

function send(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  res.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_fake', ...headers });
  res.end(JSON.stringify(body));
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}
