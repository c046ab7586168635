/** One thing that is wrong with a contract, as facts. Wording comes last. */
export interface Issue {
  /** Line in the file, counted from 1. Absent when the problem has no place. */
  readonly line?: number | undefined;
  /** Dotted path of the field; empty for the file as a whole. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
  readonly hint?: string;
}

/** `path:line: field: expected ..., found ...` */
export function describeIssue(path: string, issue: Issue): string {
  const place = issue.line === undefined ? path : `${path}:${issue.line}`;
  const field = issue.field === '' ? '' : ` ${issue.field}:`;
  return `${place}:${field} expected ${issue.expected}, found ${issue.found}`;
}

/** A value as people want to see it in a message: JSON, on one line, at most 80 characters. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
