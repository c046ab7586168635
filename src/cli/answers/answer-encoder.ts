import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';

export interface AnswerColumn {
  /** Unique within the answer: a second `a` is called `a:1`. */
  readonly name: string;
  readonly type: DuckDBType;
}

/** Some rows of an answer, column by column. */
export interface AnswerChunk {
  readonly columns: readonly (readonly DuckDBValue[])[];
  readonly rowCount: number;
}

export interface AnswerCount {
  /** Rows that were read; more than `shown` when the limit cut the answer. Not the size of the whole answer then. */
  readonly rows: number;
  /** Rows that were written. */
  readonly shown: number;
}

/** Turns an answer into text or bytes, a chunk at a time. Called in this order; an empty piece is not written. */
export interface AnswerEncoder {
  begin(): string | Uint8Array;
  rows(chunk: AnswerChunk): string | Uint8Array;
  end(count: AnswerCount): string | Uint8Array;
}
