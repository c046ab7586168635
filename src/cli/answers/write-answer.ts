import type { DuckDBResult } from '@duckdb/node-api';
import type { AnswerChunk, AnswerColumn, AnswerCount, AnswerEncoder } from './answer-encoder.ts';
import type { AnswerFormat } from './answer-format.ts';
import type { AnswerSink } from './answer-sink.ts';
import { csvEncoder } from './csv-encoder.ts';
import { jsonEncoder } from './json-encoder.ts';
import { jsonlEncoder } from './jsonl-encoder.ts';
import { markdownEncoder } from './markdown-encoder.ts';
import { tableEncoder } from './table-encoder.ts';

export interface AnswerOptions {
  readonly format: AnswerFormat;
  /** Most rows to write, in every format; nothing or 0 writes all. */
  readonly limit?: number | undefined;
  /** Columns of the terminal; only the table looks at it, and without it, or with 0, cuts nothing. */
  readonly width?: number | undefined;
  readonly color?: boolean | undefined;
  /** How to get what a limit cut off, in the words of the caller. */
  readonly limitHint?: string | undefined;
  /** Looked at before each chunk. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the answer of a query as it comes: some 2,000 rows are held at a time (the table holds as many before it
 * decides on widths, arrow 10,240). Nothing is written before the first rows have come, so a query that fails at
 * once leaves no half output. Throws what DuckDB, the sink or the signal throws.
 */
export async function writeAnswer(
  result: DuckDBResult,
  options: AnswerOptions,
  sink: AnswerSink,
): Promise<AnswerCount> {
  const encoder = await encoderFor(result, options);
  const send = async (piece: string | Uint8Array) => {
    if (piece.length > 0) await sink.write(piece);
  };
  const count = { rows: 0, shown: 0 };
  let chunk = await nextChunk(result, options);
  await send(encoder.begin());
  while (chunk !== undefined) {
    count.rows += chunk.rowCount;
    const shown = cut(chunk, mostRows(options) - count.shown);
    count.shown += shown.rowCount;
    await send(encoder.rows(shown));
    chunk = count.rows > count.shown ? undefined : await nextChunk(result, options);
  }
  await send(encoder.end(count));
  return count;
}

async function encoderFor(result: DuckDBResult, options: AnswerOptions): Promise<AnswerEncoder> {
  const types = result.columnTypes();
  const columns = result.deduplicatedColumnNames().flatMap((name, index): AnswerColumn[] => {
    const type = types[index];
    return type === undefined ? [] : [{ name, type }];
  });
  if (options.format === 'arrow') {
    // Some 200 ms to load, and few ask for it.
    const { arrowEncoder } = await import('./arrow-encoder.ts');
    return arrowEncoder(columns);
  }
  return textEncoders[options.format](columns, options);
}

type MakeEncoder = (columns: readonly AnswerColumn[], options: AnswerOptions) => AnswerEncoder;

const textEncoders: Readonly<Record<Exclude<AnswerFormat, 'arrow'>, MakeEncoder>> = {
  table: tableEncoder,
  json: jsonEncoder,
  jsonl: jsonlEncoder,
  csv: csvEncoder,
  markdown: markdownEncoder,
};

async function nextChunk(result: DuckDBResult, { signal }: AnswerOptions): Promise<AnswerChunk | undefined> {
  signal?.throwIfAborted();
  const chunk = await result.fetchChunk();
  if (chunk === null || chunk.rowCount === 0) return undefined;
  return { columns: chunk.getColumns(), rowCount: chunk.rowCount };
}

function mostRows({ limit = 0 }: AnswerOptions): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : limit;
}

function cut(chunk: AnswerChunk, most: number): AnswerChunk {
  if (chunk.rowCount <= most) return chunk;
  return { columns: chunk.columns.map((values) => values.slice(0, most)), rowCount: most };
}
