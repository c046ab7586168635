import type { Writable } from 'node:stream';
import type { AnswerSink } from './answer-sink.ts';

/** A sink on a stream of the system. Each piece is awaited, so a slow reader holds the query up, not the memory. */
export function streamSink(stream: Pick<Writable, 'write'>): AnswerSink {
  return {
    write: (piece) =>
      new Promise((resolve, reject) => {
        stream.write(piece, (error) => (error ? reject(error) : resolve()));
      }),
  };
}
