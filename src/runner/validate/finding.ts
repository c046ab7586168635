/** One thing that stands in the way of a merge, or that somebody should look at. */
export interface Finding {
  /** Path in the workspace; empty for what is about commits and not about a file. */
  readonly path: string;
  /** Line of the file as it is now, counted from 1. */
  readonly line?: number;
  /** Dotted path of the field. */
  readonly field?: string;
  /** `error`: it must not be merged. */
  readonly severity: 'error' | 'warning';
  /** The rule that it breaks, as `.github/merge-gate.md` lists them. */
  readonly rule: string;
  /** What was expected, and what was found. One line, without secrets. */
  readonly message: string;
  /** How to do it right. */
  readonly hint: string;
}

/** What a look at the workspace came to. */
export interface Looked {
  readonly findings: readonly Finding[];
  /** How many of what were looked at. */
  readonly checked: Readonly<Record<string, number>>;
  /** What could not be looked at, and what would help, in a sentence each. */
  readonly unchecked: readonly string[];
}
