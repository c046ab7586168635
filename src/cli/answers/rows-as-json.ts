import type { AnswerChunk, AnswerColumn } from './answer-encoder.ts';
import { plainValue } from './plain-value.ts';

/** Encodes the rows of a chunk as JSON objects, each on one line without its end. */
export function rowsAsJson(columns: readonly AnswerColumn[]): (chunk: AnswerChunk) => string[] {
  const fields = columns.map(({ name, type }, index) => ({
    key: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    plain: plainValue(type),
  }));
  return ({ columns: values, rowCount }) => {
    const rows = new Array<string>(rowCount).fill('');
    fields.forEach(({ key, plain }, index) => {
      values[index]?.forEach((value, row) => {
        rows[row] += `${key}${JSON.stringify(plain(value))}`;
      });
    });
    return rows.map((row) => `${row}}`);
  };
}
