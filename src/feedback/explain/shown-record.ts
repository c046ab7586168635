/** A record as a model is shown it. A quote counts only where it stands in this very text. */
export interface ShownRecord {
  readonly id: string;
  readonly text: string;
  /** Whether the text holds a transcript. */
  readonly hasTranscript: boolean;
}
