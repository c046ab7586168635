import type { AnswerColumn, AnswerEncoder } from './answer-encoder.ts';
import { cellText } from './cell-text.ts';

/**
 * CSV as RFC 4180 has it, with a header, and lines that end in LF alone. NULL is an empty cell, an empty text is "".
 * A cell that begins with = + - or @ is data and stays as it is: who opens the file in a spreadsheet must import
 * such columns as text.
 */
export function csvEncoder(columns: readonly AnswerColumn[]): AnswerEncoder {
  const texts = columns.map(({ type }) => cellText(type));
  return {
    begin: () => `${columns.map(({ name }) => cell(name)).join(',')}\n`,
    rows: ({ columns: values, rowCount }) => {
      const cells = texts.map((text, index) => (values[index] ?? []).map((value) => cell(text(value))));
      let lines = '';
      for (let row = 0; row < rowCount; row += 1)
        lines += `${cells.map((column) => column[row]).join(',')}\n`;
      return lines;
    },
    end: () => '',
  };
}

/** Blanks at the ends are quoted as well: some readers trim them. */
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$|^$/;

function cell(text: string | undefined): string {
  if (text === undefined) return '';
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
