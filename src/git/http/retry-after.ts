import type { HttpAnswer } from './exchange.ts';

/** Longer than this nobody waits inside one call. */
const LONGEST_MS = 60_000;

/**
 * How long a busy server asks to wait, in milliseconds. Undefined: it is not busy, does not say, or asks for
 * more than one call waits. A date is measured with the clock of the same answer, so no other clock counts.
 */
export function retryAfter({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  if ((status !== 429 && status !== 503) || text === '') return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.parse(headers.date ?? '');
  return ms <= LONGEST_MS ? Math.max(ms, 0) : undefined;
}
