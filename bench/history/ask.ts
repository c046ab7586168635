import type { DuckDBConnection } from '@duckdb/node-api';
import { rowsOf } from '../../src/history/rows.ts';
import { median } from '../measure.ts';
import type { Question } from './questions.ts';
import type { Row } from './same-answer.ts';

export interface Answer {
  readonly name: string;
  /** Median, warm, with the rows as plain objects. */
  readonly ms: number;
  readonly rows: readonly Row[];
}

/** Asks every question once to warm up, then so many times. */
export async function ask(
  connection: DuckDBConnection,
  asked: readonly Question[],
  runs: number,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { name, sql } of asked) {
    let rows = await rowsOf<Row>(connection, sql);
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const since = performance.now();
      rows = await rowsOf<Row>(connection, sql);
      times.push(performance.now() - since);
    }
    answers.push({ name, ms: median(times), rows });
  }
  return answers;
}
