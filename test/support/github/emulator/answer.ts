export interface Answer {
  readonly status: number;
  /** JSON; none for 204. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FieldError {
  readonly resource: string;
  readonly code: string;
  readonly field?: string;
  readonly message?: string;
  readonly value?: unknown;
}

const DOCS = 'https://docs.github.com/rest';

export function ok(body: unknown, status = 200): Answer {
  return { status, body };
}

export function refused(
  status: number,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): Answer {
  return { status, body: { message, ...more, documentation_url: DOCS, status: String(status) } };
}

export function notFound(): Answer {
  return refused(404, 'Not Found');
}

/** The 422 that says field by field what is wrong. */
export function invalid(...errors: readonly FieldError[]): Answer {
  return refused(422, 'Validation Failed', { errors });
}
