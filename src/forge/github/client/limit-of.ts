/** What tells a limit from a refusal. */
export interface LimitedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** GitHub's advice where it names no time ("Rate limits for the REST API", "Exceeding the rate limit"). */
const UNTOLD_SECONDS = 60;
const LONGEST_SECONDS = 24 * 3_600;

const saysSo = /secondary rate limit|abuse detection|rate limit exceeded|submitted too quickly/i;

/**
 * For how many seconds GitHub wants to be left alone, at least 1; undefined for an answer that is no limit. In the order
 * that GitHub documents: `retry-after`, then the reset of a limit that is used up, then a minute.
 */
export function limitOf(answer: LimitedAnswer, now: Date): number | undefined {
  const { status, headers, data } = answer;
  const after = secondsIn(headers, now);
  const spent = String(headers['x-ratelimit-remaining']) === '0';
  const limited =
    status === 429 ||
    (status === 503 && after !== undefined) ||
    (status === 403 && (after !== undefined || spent || saysSo.test(wordsOf(data)))) ||
    (status === 422 && /submitted too quickly/i.test(wordsOf(data))) ||
    (status === 200 && isLimitedQuery(data));
  if (!limited) return undefined;
  const seconds = after ?? (spent ? untilReset(headers, now) : undefined) ?? UNTOLD_SECONDS;
  return Math.min(LONGEST_SECONDS, Math.max(1, seconds));
}

/** `retry-after` in seconds, or as a date by the clock of the same answer. */
function secondsIn(headers: LimitedAnswer['headers'], now: Date): number | undefined {
  const text = String(headers['retry-after'] ?? '').trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const until = /[A-Za-z]{3}.*\d{4}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.ceil((until - timeOf(headers, now)) / 1_000);
}

/** One second more: at the reset itself it may not be over yet. */
function untilReset(headers: LimitedAnswer['headers'], now: Date): number | undefined {
  const reset = String(headers['x-ratelimit-reset'] ?? '');
  if (!/^\d{1,12}$/.test(reset)) return undefined;
  return Math.ceil((Number(reset) * 1_000 - timeOf(headers, now)) / 1_000) + 1;
}

function timeOf(headers: LimitedAnswer['headers'], now: Date): number {
  const theirs = Date.parse(String(headers.date ?? ''));
  return Number.isNaN(theirs) ? now.getTime() : theirs;
}

function wordsOf(data: unknown): string {
  return typeof data === 'string' ? data : (JSON.stringify(data) ?? '');
}

/** GraphQL says it with an answer that is a success. */
function isLimitedQuery(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || !('errors' in data)) return false;
  const { errors } = data;
  return Array.isArray(errors) && errors.some((error: unknown) => typeOf(error) === 'RATE_LIMITED');
}

function typeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
}
