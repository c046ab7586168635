/** Where an answer goes. `write` settles when the next piece may come, and rejects when nobody reads any more. */
export interface AnswerSink {
  write(piece: string | Uint8Array): Promise<void>;
}
