import type { AnswerColumn, AnswerEncoder } from './answer-encoder.ts';
import { rowsAsJson } from './rows-as-json.ts';

/** One JSON array of objects, a row a line. */
export function jsonEncoder(columns: readonly AnswerColumn[]): AnswerEncoder {
  const encode = rowsAsJson(columns);
  let before = '\n';
  return {
    begin: () => '[',
    rows: (chunk) => {
      const text = before.concat(encode(chunk).join(',\n'));
      before = ',\n';
      return text;
    },
    end: ({ shown }) => (shown === 0 ? ']\n' : '\n]\n'),
  };
}
