import { MillwrightError } from '../../../contracts/millwright-error.ts';

/** A whole answer. */
export interface RawAnswer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface RawQuestion {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A hundred pull requests with bodies of the greatest length stay below it. */
const MOST_BYTES = 16_000_000;

/**
 * Asks once and reads the answer to its end, both within `timeLimitMs`. Redirects are answers. Throws what the
 * network said, or `github-bad-answer` for one that has no end.
 */
export async function timedFetch(
  url: URL,
  { method, headers, body }: RawQuestion,
  timeLimitMs: number,
): Promise<RawAnswer> {
  // Not the clock of the program: where a test moves that on, the network takes its time all the same.
  const signal = AbortSignal.timeout(timeLimitMs);
  try {
    const answer = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body }),
    });
    const found = Object.fromEntries(answer.headers);
    return { status: answer.status, headers: found, text: await readText(answer) };
  } catch (error) {
    if (signal.aborted) throw timedOut(timeLimitMs);
    throw error;
  }
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MOST_BYTES)
      throw new MillwrightError(
        'github-bad-answer',
        `an answer of GitHub has more than ${MOST_BYTES} bytes`,
        {
          hint: 'see whether GITHUB_API_URL is the address of GitHub',
        },
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function timedOut(timeLimitMs: number): Error {
  return Object.assign(new Error(`no whole answer within ${timeLimitMs / 1_000} s`), { code: 'ETIMEDOUT' });
}
