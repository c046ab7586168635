import type { AnswerColumn, AnswerEncoder } from './answer-encoder.ts';
import { cellText } from './cell-text.ts';
import { visibleText } from './visible-text.ts';

/** A Markdown table as GitHub has it. What Markdown or HTML would take for its own is escaped; NULL is empty. */
export function markdownEncoder(columns: readonly AnswerColumn[]): AnswerEncoder {
  const texts = columns.map(({ type }) => cellText(type));
  return {
    begin: () => line(columns.map(({ name }) => cell(name))) + line(columns.map(() => '---')),
    rows: ({ columns: values, rowCount }) =>
      Array.from({ length: rowCount }, (_, row) =>
        line(texts.map((text, index) => cell(text(values[index]?.[row] ?? null) ?? ''))),
      ).join(''),
    end: () => '',
  };
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

/** An underscore within a word means nothing to Markdown, and names are full of them. */
const MARKUP = /[\\`*~<>&|[\]]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;

function cell(text: string): string {
  return text
    .split(/\r\n|[\r\n]/)
    .map((part) => visibleText(part).replaceAll(MARKUP, '\\$&'))
    .join('<br>');
}
