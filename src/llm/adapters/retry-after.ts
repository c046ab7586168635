const LONGEST_MS = 366 * 24 * 3_600_000;

/**
 * How long a provider wants to be left alone, in milliseconds: `retry-after-ms`, or `retry-after` as seconds or
 * as a date. A date is measured with the clock of the same answer when that says its time. What cannot be read
 * is undefined.
 */
export function retryAfter(
  headerOf: (name: 'retry-after-ms' | 'retry-after' | 'date') => string | null | undefined,
  now: Date,
): number | undefined {
  const exact = numberIn(headerOf('retry-after-ms'));
  if (exact !== undefined) return bounded(exact);
  const text = headerOf('retry-after')?.trim() ?? '';
  const seconds = numberIn(text);
  if (seconds !== undefined) return bounded(seconds * 1_000);
  const until = dateIn(text);
  if (until === undefined) return undefined;
  return bounded(until - (dateIn(headerOf('date') ?? '') ?? now.getTime()));
}

function numberIn(text: string | null | undefined): number | undefined {
  const digits = text?.trim() ?? '';
  return /^\d+(?:\.\d*)?$/.test(digits) ? Number(digits) : undefined;
}

/** Only what has the name of a month in it: `Date.parse` takes nearly anything for a year. */
function dateIn(text: string): number | undefined {
  const ms = /[A-Za-z]{3}.*\d{4}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** Rounded up: never sooner. */
function bounded(ms: number): number {
  return Math.ceil(Math.min(Math.max(ms, 0), LONGEST_MS));
}
