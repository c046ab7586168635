/** What was looked at, what was found, and what helps. */
export interface Check {
  readonly name: string;
  readonly verdict: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  readonly hint?: string;
}
