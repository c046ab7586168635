import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Upstream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * Sends a request to the server behind a proxy as it came, `Host` included: links in the answer then lead back
 * through the proxy. Redirects are not followed.
 */
export async function passOn(upstream: string, req: IncomingMessage, body: string): Promise<Upstream> {
  const { 'transfer-encoding': _chunks, connection: _kept, ...headers } = req.headers;
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method: req.method ?? 'GET', headers: { ...headers, ...length } };
    const sent = request(`${upstream}${req.url}`, options, resolve);
    sent.on('error', reject).end(body);
  });
  const { connection: _connection, 'transfer-encoding': _encoding, ...shown } = answer.headers;
  return { status: answer.statusCode ?? 502, headers: shown, body: await text(answer) };
}
