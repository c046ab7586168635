/** When it makes sense to try the failed thing again. */
export type Retry = 'when-input-changes' | 'back-off' | 'never';

export interface ErrorDetails {
  /** What can be done about it, in one line. Never a command that destroys anything. */
  hint?: string;
  retry?: Retry;
  /** Facts for machines: paths, ids, expected and found values. Never secrets. */
  data?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

/**
 * An error that Millwright can explain. `code` is stable and documented;
 * the message says what failed, where, what was expected and what was found.
 */
export class MillwrightError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly retry: Retry;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MillwrightError';
    this.code = code;
    this.hint = details.hint;
    this.retry = details.retry ?? 'when-input-changes';
    this.data = details.data ?? {};
  }
}

/** True when `error` is one of ours with this code. Works for values of any type. */
export function hasCode(error: unknown, code: string): error is MillwrightError {
  return error instanceof MillwrightError && error.code === code;
}
