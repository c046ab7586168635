export interface WatchedFetch {
  readonly fetch: typeof globalThis.fetch;
  /** What the network said when no head of an answer came; client libraries reword it, and lose its code. */
  failure(): unknown;
  /** True when an answer was longer than allowed, and was given up. */
  tooLong(): boolean;
}

/** The `fetch` of Node, for a client library that neither bounds an answer nor says why none came. */
export function watchedFetch(mostBytes: number): WatchedFetch {
  let failure: unknown;
  let tooLong = false;
  const bounded = (body: ReadableStream<Uint8Array>) => {
    let left = mostBytes;
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.length;
        tooLong = left < 0;
        if (tooLong) controller.error(new Error(`the answer has more than ${mostBytes} bytes`));
        else controller.enqueue(chunk);
      },
    });
    return body.pipeThrough(count);
  };
  const watched: typeof globalThis.fetch = async (input, init) => {
    const answer = await globalThis.fetch(input, init).catch((error: unknown) => {
      failure = error;
      throw error;
    });
    if (answer.body === null) return answer;
    const { status, statusText, headers } = answer;
    return new Response(bounded(answer.body), { status, statusText, headers });
  };
  return { fetch: watched, failure: () => failure, tooLong: () => tooLong };
}
