import type { DuckDBConnection } from '@duckdb/node-api';
import type { AnswerSink } from './answers/answer-sink.ts';
import type { Io } from './command.ts';

/** A query that takes longer than this shows how far it is. */
const PATIENCE_MS = 1_000;
const EVERY_MS = 200;
const CELLS = 30;

/**
 * Runs a query, and on a terminal shows a bar while nothing of the answer has come.
 * @param work gets a way to wrap the sink: the first piece that passes through it ends the bar
 */
export async function withQueryProgress(
  connection: DuckDBConnection,
  io: Io,
  work: (shown: (sink: AnswerSink) => AnswerSink) => Promise<unknown>,
): Promise<void> {
  let drawn = false;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    drawn = true;
    io.err(`\r${barText(connection.progress.percentage)}`);
  };
  const clear = () => {
    clearInterval(timer);
    if (drawn) io.err(`\r${' '.repeat(CELLS + 12)}\r`);
    drawn = false;
  };
  const start = setTimeout(() => {
    if (io.terminal) timer = setInterval(draw, EVERY_MS);
  }, PATIENCE_MS);
  const stop = () => {
    clearTimeout(start);
    clear();
  };
  try {
    await work((sink) => ({
      write: (piece) => {
        stop();
        return sink.write(piece);
      },
    }));
  } finally {
    stop();
  }
}

/** @param percentage below 0 when DuckDB cannot say */
export function barText(percentage: number): string {
  if (percentage < 0) return 'asking the history ...';
  const full = Math.round((Math.min(100, percentage) / 100) * CELLS);
  return `[${'#'.repeat(full)}${'.'.repeat(CELLS - full)}] ${String(Math.round(percentage)).padStart(3)} %`;
}
