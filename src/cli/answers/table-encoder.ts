import { DuckDBTypeId } from '@duckdb/node-api';
import type { AnswerChunk, AnswerColumn, AnswerCount, AnswerEncoder } from './answer-encoder.ts';
import { cellText } from './cell-text.ts';
import { type TableLayout, type TableRow, tableLayout } from './table-layout.ts';
import { visibleText } from './visible-text.ts';
import { wrapWords } from './wrap-words.ts';

export interface TableOptions {
  readonly width?: number | undefined;
  readonly color?: boolean | undefined;
  readonly limitHint?: string | undefined;
}

/** So many rows decide on the widths; with more, the memory would grow with the answer. */
const SAMPLE_ROWS = 2_000;

/** An aligned table for people. No line takes more cells than `width`; the footer says what is not shown. */
export function tableEncoder(columns: readonly AnswerColumn[], given: TableOptions): AnswerEncoder {
  // A terminal that does not know its size says 0.
  const options = { ...given, width: given.width === 0 ? undefined : given.width };
  const texts = columns.map(({ type }) => cellText(type));
  const tableColumns = columns.map(({ name, type }) => ({ name, numeric: numericTypes.has(type.typeId) }));
  let layout: TableLayout | undefined;
  let waiting: TableRow[] = [];
  const draw = () => {
    const header = layout === undefined;
    layout ??= tableLayout(tableColumns, waiting, options);
    const text = `${header ? layout.header : ''}${waiting.map(layout.row).join('')}`;
    waiting = [];
    return text;
  };
  return {
    begin: () => '',
    rows: (chunk) => {
      for (const row of rowsOf(chunk, texts)) waiting.push(row);
      return layout === undefined && waiting.length < SAMPLE_ROWS ? '' : draw();
    },
    end: (count) => draw() + footer(count, layout?.hidden ?? [], columns.length, options),
  };
}

const numericTypes: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.BIGNUM,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL,
]);

function rowsOf({ columns, rowCount }: AnswerChunk, texts: readonly ReturnType<typeof cellText>[]) {
  return Array.from(
    { length: rowCount },
    (_, row): TableRow => texts.map((text, index) => text(columns[index]?.[row] ?? null)),
  );
}

function footer(
  { rows, shown }: AnswerCount,
  hidden: readonly string[],
  columns: number,
  { width, limitHint = '--limit 0 shows all' }: TableOptions,
): string {
  const counted = rows === 1 ? '1 row' : `${rows} rows`;
  const sentences = [rows > shown ? `first ${shown} of more rows; ${limitHint}` : counted];
  if (hidden.length > 0) {
    const names = hidden.map(visibleText).join(', ');
    sentences.push(`no room for ${hidden.length} of ${columns} columns: ${names}`);
  }
  return sentences.map((sentence) => wrapWords(sentence, width)).join('');
}
