import type { DuckDBResult } from '@duckdb/node-api';

/** A table or view as the shell knows it. */
export interface SqlName {
  readonly name: string;
  /** One line about what it holds. */
  readonly summary: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly text: string }[];
}

/** The history as the shell asks it. One statement at a time. */
export interface SqlSession {
  /**
   * Runs one statement. The answer may be a stream: the signal interrupts the statement also while its rows are
   * read, until the next one runs.
   */
  run(sql: string, signal: AbortSignal): Promise<DuckDBResult>;
  names(): Promise<readonly SqlName[]>;
  /** Asks from now on the history as it stood then: a commit, date or tag. Nothing means as it is. */
  at(when: string | undefined): Promise<void>;
  close(): void;
}
