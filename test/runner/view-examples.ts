import type { Records } from '../history/memory-history.ts';
import { effectExamples } from './view-examples/effects.ts';
import { feedbackExamples } from './view-examples/feedback.ts';
import { outcomeExamples } from './view-examples/outcomes.ts';
import { runExamples } from './view-examples/runs.ts';
import { workExamples } from './view-examples/work.ts';

/** A small history, and the rows that a view shows of it. */
export interface ViewExample {
  readonly view: string;
  readonly title: string;
  readonly records: Records;
  /** Columns that are not named are not looked at. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** ORDER BY; all columns when absent. */
  readonly order?: string;
}

export const viewExamples: readonly ViewExample[] = [
  ...outcomeExamples,
  ...feedbackExamples,
  ...effectExamples,
  ...workExamples,
  ...runExamples,
];
