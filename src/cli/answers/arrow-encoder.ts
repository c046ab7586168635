import { BufferType, Data, Field, RecordBatch, RecordBatchStreamWriter, Schema, Struct } from 'apache-arrow';
import type { AnswerChunk, AnswerColumn, AnswerEncoder } from './answer-encoder.ts';
import { arrowColumn } from './arrow-column.ts';
import type { ArrowColumn } from './arrow-scalar.ts';

/** Rows of a record batch: chunks of DuckDB have 2,048. */
const BATCH_ROWS = 10_240;
/** What ends a stream, the same in every one. */
const END_BYTES = 8;

/**
 * An Arrow IPC stream (`application/vnd.apache.arrow.stream`), uncompressed, without dictionaries. Each batch is
 * encoded by itself as a whole stream, from which the head and the end are taken off: so that whoever reads the
 * answer sets the pace, where a single writer would collect what is not yet read.
 */
export function arrowEncoder(columns: readonly AnswerColumn[]): AnswerEncoder {
  const arrows = columns.map(({ type }) => arrowColumn(type));
  const schema = new Schema(
    columns.flatMap(({ name }, index) => {
      const arrow = arrows[index];
      return arrow === undefined ? [] : [new Field(name, arrow.type, true)];
    }),
  );
  const empty = streamOf(schema, undefined);
  const head = empty.subarray(0, empty.length - END_BYTES);
  let waiting: AnswerChunk[] = [];
  const batch = () => {
    if (waiting.length === 0) return new Uint8Array();
    const bytes = streamOf(schema, recordBatch(schema, arrows, waiting));
    waiting = [];
    return bytes.subarray(head.length, bytes.length - END_BYTES);
  };
  return {
    begin: () => head,
    rows: (chunk) => {
      waiting.push(chunk);
      return rowsIn(waiting) < BATCH_ROWS ? '' : batch();
    },
    end: () => Buffer.concat([batch(), empty.subarray(head.length)]),
  };
}

function streamOf(schema: Schema, batch: RecordBatch | undefined): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  if (batch !== undefined) writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);
}

function recordBatch(
  schema: Schema,
  arrows: readonly ArrowColumn[],
  chunks: readonly AnswerChunk[],
): RecordBatch {
  const children = arrows.map((arrow, index) =>
    arrow.fill(chunks.flatMap((chunk) => chunk.columns[index] ?? [])),
  );
  const length = rowsIn(chunks);
  return new RecordBatch(
    schema,
    new Data(new Struct(schema.fields), 0, length, 0, { [BufferType.VALIDITY]: new Uint8Array() }, children),
  );
}

function rowsIn(chunks: readonly AnswerChunk[]): number {
  return chunks.reduce((sum, { rowCount }) => sum + rowCount, 0);
}
