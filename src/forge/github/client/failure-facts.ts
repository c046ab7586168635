import type { LimitedAnswer } from './limit-of.ts';

/** What an error of Octokit, of fetch or of the plugins says, whatever its class. */
export interface FailureFacts {
  /** The answer that it is about; undefined when none came. */
  readonly answer: LimitedAnswer | undefined;
  /** From the throttling plugin: for how long GitHub wants to be left alone. */
  readonly limitedSeconds: number | undefined;
  /** Of the network, the innermost one. */
  readonly code: string | undefined;
  /** No connection was made: nothing can have been done. */
  readonly unsent: boolean;
  /** Another attempt may end otherwise. */
  readonly transient: boolean;
}

const unsentCodes = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
const lostCodes = /^(?:ECONNRESET|EPIPE|ETIMEDOUT|EBADJSON|UND_ERR_\w+|ERR_STREAM_\w+|ENETDOWN|EAI_\w+)$/;

export function failureFacts(error: unknown): FailureFacts {
  const answer = answerOf(error);
  const code = answer === undefined ? innermostCode(error) : undefined;
  const unsent = code !== undefined && unsentCodes.test(code);
  const lost = code !== undefined && lostCodes.test(code);
  return {
    answer,
    limitedSeconds: numberIn(error, 'limitedSeconds'),
    code,
    unsent,
    transient: unsent || lost || isTransient(answer?.status),
  };
}

function isTransient(status: number | undefined): boolean {
  return status !== undefined && (status === 408 || (status >= 500 && status !== 501 && status !== 505));
}

function answerOf(error: unknown): LimitedAnswer | undefined {
  const response = valueIn(error, 'response');
  const status = numberIn(response, 'status');
  if (status === undefined) return undefined;
  const headers = valueIn(response, 'headers');
  return {
    status,
    headers: typeof headers === 'object' && headers !== null ? { ...headers } : {},
    data: valueIn(response, 'data'),
  };
}

/** Libraries wrap errors; what went wrong is said by the innermost one. */
function innermostCode(error: unknown): string | undefined {
  let code: string | undefined;
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth += 1) {
    const found = valueIn(at, 'code');
    if (typeof found === 'string') code = found;
  }
  return code;
}

function numberIn(value: unknown, name: string): number | undefined {
  const found = valueIn(value, name);
  return typeof found === 'number' ? found : undefined;
}

function valueIn(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
