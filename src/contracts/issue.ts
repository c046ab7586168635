import { maskSecrets } from './secrets.ts';

/** One thing that is wrong with a contract, as facts. Wording comes last. */
export interface Issue {
  /** Line in the file, counted from 1. Absent when the problem has no place. */
  readonly line?: number | undefined;
  /** Dotted path of the field; empty for the file as a whole. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
  readonly hint?: string;
  /** Why a file with this problem must not be committed, when it must not. */
  readonly keepOut?: 'secret' | 'size';
}

/** `path:line: field: expected ..., found ...`, on one line and without secrets. */
export function describeIssue(path: string, issue: Issue): string {
  const place = issue.line === undefined ? path : `${path}:${issue.line}`;
  const field = issue.field === '' ? '' : ` ${issue.field}:`;
  return oneLine(maskSecrets(`${place}:${field} expected ${issue.expected}, found ${issue.found}`));
}

/** A value as people want to see it in a message: JSON, on one line, at most 80 characters. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  // JSON has no word for infinity.
  return showText(typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value)));
}

/** Words from a file or another program: masked before they are cut, so that no half secret is left. */
export function showText(text: string): string {
  const safe = oneLine(maskSecrets(text.slice(0, 10_000)));
  return safe.length <= 80 ? safe : `${safe.slice(0, 77)}...`;
}

/** Dotted, and short and harmless whatever the file calls its fields. */
export function showPath(path: readonly PropertyKey[]): string {
  return path.map((part) => showText(String(part))).join('.');
}

/** Control characters would reach a terminal, and line ends would forge a second message. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
