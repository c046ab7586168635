/**
 * A server on the loopback that speaks the chat completions of OpenAI and of the programs that copy them.
 *
 *     await using fake = await startFakeOpenai();       // {url, key, requests, ...}; url ends in /v1
 *     fake.script({ do: 'status', status: 429 }, { do: 'text', text: 'hello' });
 *     fake.always({ do: 'text', text: 'again' });       // what comes when the script is at its end
 *     await using old = await startFakeOpenai({ refuses: ['response_format', 'max_tokens'] });
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, shutDown } from './loopback-server.ts';

export type FakeOpenaiBehaviour =
  | { readonly do: 'text'; readonly text: string; readonly finish?: string; readonly usage?: unknown }
  | {
      readonly do: 'tool';
      readonly name: string;
      /** As it goes over the wire: mostly a text of JSON. */
      readonly arguments: unknown;
      readonly finish?: string;
    }
  | {
      readonly do: 'status';
      readonly status: number;
      readonly error?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** 200 and this value, or these bytes. */
  | { readonly do: 'raw'; readonly body: string | object }
  | { readonly do: 'cut-before' }
  | { readonly do: 'cut-within' }
  | { readonly do: 'hang' }
  | { readonly do: 'big'; readonly megabytes: number };

export interface FakeOpenaiOptions {
  /** null takes every request. */
  readonly key?: string | null;
  /** Fields that it answers with 400, as older and newer servers do. */
  readonly refuses?: readonly string[];
}

export interface FakeOpenai extends AsyncDisposable {
  readonly url: string;
  readonly key: string;
  readonly requests: readonly { readonly path: string; readonly body: Record<string, unknown> }[];
  script(...behaviours: FakeOpenaiBehaviour[]): void;
  always(behaviour: FakeOpenaiBehaviour): void;
  close(): Promise<void>;
}

interface Service {
  readonly key: string | null;
  readonly refuses: readonly string[];
  readonly requests: { path: string; body: Record<string, unknown> }[];
  readonly queue: FakeOpenaiBehaviour[];
  fallback: FakeOpenaiBehaviour | undefined;
}

const defaultKey = `sk-proj-${'opensnothing'.repeat(4)}`;

export async function startFakeOpenai(options: FakeOpenaiOptions = {}): Promise<FakeOpenai> {
  const { key = defaultKey, refuses = [] } = options;
  const service: Service = { key, refuses, requests: [], queue: [], fallback: undefined };
  const server = createServer((req, res) => {
    serve(service, req, res).catch(() => res.destroy());
  });
  const url = await listen(server);
  const close = () => shutDown(server);
  return {
    url: `${url}/v1`,
    key: key ?? '',
    requests: service.requests,
    script: (...behaviours) => {
      service.queue.push(...behaviours);
    },
    always: (behaviour) => {
      service.fallback = behaviour;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function serve(service: Service, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
  service.requests.push({ path: req.url ?? '', body });
  const { authorization } = req.headers;
  if (service.key !== null && authorization !== `Bearer ${service.key}`) {
    return refuse(res, 401, { message: `Incorrect API key provided: ${authorization ?? 'none'}` });
  }
  if (req.url !== '/v1/chat/completions') return refuse(res, 404, { message: `no ${req.url}` });
  const refused = service.refuses.find((field) => field in body);
  if (refused !== undefined) return refuse(res, 400, { message: complaintAbout(refused), param: refused });
  answer(service.queue.shift() ?? service.fallback, body, res);
}

function complaintAbout(field: string): string {
  return field === 'max_tokens'
    ? "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    : `Invalid parameter: '${field}' is not supported with this model.`;
}

function answer(
  behaviour: FakeOpenaiBehaviour | undefined,
  body: Record<string, unknown>,
  res: ServerResponse,
): void {
  if (behaviour === undefined) {
    refuse(res, 400, { message: 'nothing is in the script' });
    return;
  }
  switch (behaviour.do) {
    case 'hang':
      break;
    case 'cut-before':
      res.socket?.resetAndDestroy();
      break;
    case 'cut-within':
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      res.write('{"choices": [', () => res.destroy());
      break;
    case 'status':
      refuse(res, behaviour.status, behaviour.error, behaviour.headers);
      break;
    case 'raw':
      send(res, behaviour.body);
      break;
    default:
      send(res, completion(behaviour, body));
  }
}

function send(res: ServerResponse, value: string | object): void {
  res.writeHead(200, { 'content-type': 'application/json' });
  res.end(typeof value === 'string' ? value : JSON.stringify(value));
}

type Whole = Extract<FakeOpenaiBehaviour, { do: 'text' | 'tool' | 'big' }>;

function completion(of: Whole, body: Record<string, unknown>): object {
  const call = of.do === 'tool' && {
    id: 'call_1',
    type: 'function',
    function: { name: of.name, arguments: of.arguments },
  };
  const text = of.do === 'text' ? of.text : null;
  const content = of.do === 'big' ? 'x'.repeat(of.megabytes * 1_000_000) : text;
  const finish = of.do === 'big' ? 'stop' : (of.finish ?? (of.do === 'tool' ? 'tool_calls' : 'stop'));
  return {
    id: 'chatcmpl-fake',
    object: 'chat.completion',
    model: body.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, ...(call && { tool_calls: [call] }) },
        finish_reason: finish,
      },
    ],
    usage: (of.do === 'text' ? of.usage : undefined) ?? {
      prompt_tokens: 12,
      completion_tokens: 4,
      total_tokens: 16,
    },
  };
}

function refuse(
  res: ServerResponse,
  status: number,
  error: unknown = { message: `made ${status}` },
  headers: Readonly<Record<string, string>> = {},
): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers });
  res.end(JSON.stringify({ error }));
}
