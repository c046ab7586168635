import type { AnswerColumn, AnswerEncoder } from './answer-encoder.ts';
import { rowsAsJson } from './rows-as-json.ts';

/** One JSON object a line. */
export function jsonlEncoder(columns: readonly AnswerColumn[]): AnswerEncoder {
  const encode = rowsAsJson(columns);
  return {
    begin: () => '',
    rows: (chunk) => encode(chunk).join('\n').concat('\n'),
    end: () => '',
  };
}
