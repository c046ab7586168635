/** A row of `explain_records.sql`. */
export interface ExplainedRecord {
  readonly id: string;
  readonly persona_id: string | null;
  readonly idea_id: string;
  readonly paired_key: string | null;
  readonly transcript: string | null;
  readonly notes: string | null;
  readonly [field: string]: unknown;
}
