import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export type Posted =
  | {
      readonly result: 'answered';
      readonly status: number;
      /** The first value of each header, names in small letters. */
      headerOf(name: string): string | undefined;
      readonly text: string;
    }
  /** `begun`: the head of an answer had come. `tooLong`: the answer was given up. */
  | {
      readonly result: 'broken';
      readonly error: unknown;
      readonly begun: boolean;
      readonly tooLong: boolean;
    };

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly mostBytes: number;
}

/**
 * Posts a value as JSON. Never rejects, follows no redirection. Not `fetch`: that gives up when the head of an
 * answer takes longer than 5 minutes, and a local model may think for longer before it says a word.
 */
export async function postJson(url: URL, body: unknown, options: PostOptions): Promise<Posted> {
  let begun = false;
  let tooLong = false;
  try {
    const answer = await send(url, Buffer.from(JSON.stringify(body)), options);
    begun = true;
    const { statusCode: status = 0, headers } = answer;
    const chunks: Buffer[] = [];
    let left = options.mostBytes;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      left -= chunk.length;
      tooLong = left < 0;
      if (tooLong) throw new Error(`the answer has more than ${options.mostBytes} bytes`);
      chunks.push(chunk);
    }
    const headerOf = (name: string) => [headers[name]].flat()[0];
    return { result: 'answered', status, headerOf, text: Buffer.concat(chunks).toString() };
  } catch (error) {
    return { result: 'broken', error, begun, tooLong };
  }
}

/** A connection of its own: one that was kept may be closed by the other side just when it is used again. */
function send(url: URL, body: Buffer, { headers, signal }: PostOptions): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const req = request(url, {
      method: 'POST',
      agent: false,
      signal,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': String(body.length),
        connection: 'close',
      },
    });
    req.on('response', resolve);
    req.on('error', reject);
    req.end(body);
  });
}
