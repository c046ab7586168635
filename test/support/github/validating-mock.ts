import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen, shutDown } from '../../llm/loopback-server.ts';
import { exampleAnswer } from './openapi/example-answer.ts';
import { type Judge, openJudge, type Violation } from './openapi/judge.ts';
import { passOn, type Upstream } from './pass-on.ts';

export interface ValidatingMockOptions {
  /** The server behind it, `http://127.0.0.1:PORT`. Without one, the description's own examples are the answers. */
  readonly upstream?: string;
}

export interface ValidatingMock extends AsyncDisposable {
  readonly url: string;
  /** What broke the description so far, requests and answers. */
  readonly violations: readonly CallViolation[];
}

export interface CallViolation extends Violation {
  /** `GET /repos/mill/works/pulls`. */
  readonly call: string;
}

interface Gate {
  readonly judge: Judge;
  readonly upstream: string | undefined;
  readonly violations: CallViolation[];
}

/**
 * GitHub's official description between a client and a server. A request that breaks it is answered with 422 and
 * never passed on; an answer that breaks it becomes 500. Both say why in the body. GraphQL is no part of the
 * description and goes through. Without a server, `Prefer: code=409` asks for another answer than the good one.
 */
export async function validatingMock(options: ValidatingMockOptions = {}): Promise<ValidatingMock> {
  const gate: Gate = { judge: await openJudge(), upstream: options.upstream, violations: [] };
  const server = createServer((req, res) => {
    handle(gate, req, res).catch((error: unknown) => {
      res.writeHead(502).end(JSON.stringify({ message: `The mock failed: ${String(error)}` }));
    });
  });
  const url = await listen(server);
  return { url, violations: gate.violations, [Symbol.asyncDispose]: () => shutDown(server) };
}

async function handle(gate: Gate, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { status, headers, body } = await answerTo(gate, req, await text(req));
  res.writeHead(status, headers).end(body === '' ? undefined : body);
}

async function answerTo(gate: Gate, req: IncomingMessage, body: string): Promise<Upstream> {
  const { judge, upstream } = gate;
  if (req.url === '/graphql' && upstream !== undefined) return passOn(upstream, req, body);
  const url = new URL(req.url ?? '/', 'http://127.0.0.1');
  const call = judge.find(req.method ?? 'GET', documentedPath(url.pathname));
  if (call === undefined) return broken(gate, req, 422, [{ place: 'request', message: 'is not described' }]);
  const wrong = judge.judgeRequest(call, url.searchParams, body);
  if (wrong.length > 0) return broken(gate, req, 422, wrong);
  // Some of GitHub's own examples break its own description: they are no emulator's fault.
  if (upstream === undefined) return exampleAnswer(judge.description, call.operation, wantedCode(req));
  const answer = await passOn(upstream, req, body);
  const found = judge.judgeAnswer(call, answer.status, answer.headers['content-type'], answer.body);
  return found.length > 0 ? broken(gate, req, 500, found) : answer;
}

/** As the description knows it: a repository may be named by its number, and some last parts may hold slashes. */
function documentedPath(path: string): string {
  const named = path
    .replace(/^\/repositories\/[^/]+/, '/repos/owner/name')
    .replace(/\/contents$/, '/contents/');
  return named.replace(
    /^(\/repos\/[^/]+\/[^/]+\/(?:git\/ref|contents|branches)\/)(.+)$/,
    (_, start: string, rest: string) => start + rest.replaceAll('/', '%2F'),
  );
}

function wantedCode(req: IncomingMessage): string | undefined {
  return /\bcode=(\d{3})\b/.exec(String(req.headers.prefer))?.[1];
}

function broken(
  gate: Gate,
  req: IncomingMessage,
  status: number,
  violations: readonly Violation[],
): Upstream {
  const call = `${req.method} ${req.url}`;
  gate.violations.push(...violations.map((each) => ({ ...each, call })));
  const side = status === 500 ? 'answer' : 'request';
  const body = { message: `The ${side} breaks the description of the API`, violations };
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
