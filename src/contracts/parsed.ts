import type { Issue } from './issue.ts';

export type FieldPath = readonly (string | number)[];

/** A text that was read: its data, and where each field stands. */
export interface ParsedText {
  readonly ok: true;
  readonly data: unknown;
  /** The text below the front matter of a markdown contract; empty elsewhere. */
  readonly body: string;
  lineOf(path: FieldPath): number | undefined;
}

export type ParseResult = ParsedText | { readonly ok: false; readonly issues: readonly Issue[] };

export function unreadable(issue: Issue): ParseResult {
  return { ok: false, issues: [issue] };
}
