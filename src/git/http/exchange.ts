import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as SecureAgent } from 'node:https';
import type { Clock } from '../../contracts/clock.ts';

export interface HttpQuestion {
  readonly method: 'GET' | 'POST';
  /** Without user and password. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** When the question left and when the head of the answer came, on the monotonic clock. */
  readonly sentMs: number;
  readonly answeredMs: number;
}

/** No answer, or only a part of one. */
export interface HttpFailure {
  readonly error: NodeJS.ErrnoException;
  /** The connection had carried another question before: the server may have closed it meanwhile. */
  readonly reused: boolean;
}

const IDLE_MS = 60_000;
/** No answer for small refs comes near it. */
const MOST_BYTES = 1 << 29;

/**
 * Connections that stay open between questions. An idle one does not keep the program alive.
 * @param ca the certificates to trust; undefined: those that come with this program
 */
export function keepAliveAgent(url: URL, ca: Buffer | undefined): Agent {
  const options = { keepAlive: true, noDelay: true, maxSockets: 4, timeout: IDLE_MS };
  if (url.protocol !== 'https:') return new Agent(options);
  return new SecureAgent({ ...options, ...(ca && { ca }) });
}

/** One question and its answer. Never rejects. */
export function exchange(
  agent: Agent,
  question: HttpQuestion,
  clock: Clock,
): Promise<HttpAnswer | HttpFailure> {
  const { method, url, body } = question;
  const headers = { ...question.headers, 'Content-Length': String(body.length) };
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const sentMs = clock.monotonicMs();
    const req = request(url, { method, agent, timeout: IDLE_MS, headers });
    req.on('error', (error) => resolve({ error, reused: req.reusedSocket }));
    req.on('timeout', () => req.destroy(timedOut()));
    req.on('response', (res) => {
      const answeredMs = clock.monotonicMs();
      const { statusCode: status = 0, headers } = res;
      collect(res).then(
        (whole) => resolve({ status, headers, body: whole, sentMs, answeredMs }),
        (error: Error) => {
          req.destroy();
          resolve({ error, reused: false });
        },
      );
    });
    req.end(body);
  });
}

async function collect(res: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of res as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new Error(`the answer has more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function timedOut(): NodeJS.ErrnoException {
  return Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' });
}
