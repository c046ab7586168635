import type { Answer } from './adapter.ts';

export type Fault = Extract<Answer, { result: 'fault' }>;

/** What an error answer over HTTP means. `message` is masked already. */
export function faultOfStatus(status: number, message: string, retryAfterMs?: number): Fault {
  return {
    result: 'fault',
    fault: kindOf(status),
    message,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    spent: gaveUp.has(status) ? 'worst' : 'nothing',
  };
}

/** Errors are not charged. Only a gateway that gave up waiting does not know what went on behind it. */
const gaveUp: ReadonlySet<number> = new Set([408, 502, 504, 524]);

function kindOf(status: number): Fault['fault'] {
  if (status === 401 || status === 402 || status === 403) return 'credentials';
  if (status === 429) return 'rate';
  if (status === 529) return 'overloaded';
  if (status === 408 || status === 409 || status >= 500) return 'server';
  return 'request';
}

/** The call took too long, or somebody stopped it. It may have been charged all the same, once it was sent. */
export function outOfTime(why: 'time' | 'stopped', limitMs: number, spent: Fault['spent'] = 'worst'): Fault {
  const message =
    why === 'stopped' ? 'stopped before the answer was there' : `no answer within ${limitMs / 1_000} s`;
  return { result: 'fault', fault: 'time', message, spent };
}

/** Not what was asked for. Without a usage nobody knows what it has cost. */
export function garbage(message: string, spent: Fault['spent'] = 'worst'): Fault {
  return { result: 'fault', fault: 'garbage', message, spent };
}
