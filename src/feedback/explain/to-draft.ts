import type { Delta } from '../../contracts/delta.ts';
import type { Cause } from '../../contracts/explanation.ts';
import { cleanLine } from './clean-line.ts';
import type { DraftAnswer } from './draft-answer.ts';
import { findQuote } from './find-quote.ts';
import type { ShownRecord } from './shown-record.ts';

/** What a model thinks of a finding. */
export interface Draft {
  /** With the quotes that were found, and no others. */
  readonly causes: readonly Cause[];
  readonly deltas: readonly Delta[];
  readonly quotesDropped: number;
  /** Of the share of accepted work over all work of the persona, -1 to 1. */
  readonly predictedDifference: number | undefined;
  /** Of each delta, in their order. */
  readonly deltaRecordIds: readonly (readonly string[])[];
}

/** What an answer says, in the shape of records. Quotes that do not stand in their record are left out. */
export function toDraft(answer: DraftAnswer, records: readonly ShownRecord[]): Draft {
  const texts = new Map(records.map(({ id, text }) => [id, text]));
  const causes = answer.causes.map(({ statement, record_ids: ids, quotes }) => ({
    statement: cleanLine(statement),
    record_ids: [...new Set(ids)],
    quotes: quotes
      .filter(({ record_id: id, text }) => findQuote(texts.get(id) ?? '', text))
      .map(({ record_id: id, text }) => ({ record_id: id, text: text.trim() })),
  }));
  const count = (all: readonly { quotes: readonly unknown[] }[]) =>
    all.reduce((sum, { quotes }) => sum + quotes.length, 0);
  return {
    causes,
    deltas: answer.bullets.map(deltaOf),
    quotesDropped: count(answer.causes) - count(causes),
    predictedDifference: answer.predicted_difference ?? undefined,
    deltaRecordIds: answer.bullets.map(({ record_ids: ids }) => [...new Set(ids)]),
  };
}

type BulletChange = DraftAnswer['bullets'][number];

function deltaOf(change: BulletChange): Delta {
  switch (change.op) {
    case 'add_bullet':
      return {
        op: change.op,
        id: change.id,
        section: cleanLine(change.section),
        text: cleanLine(change.text),
        evidence: [...new Set(change.record_ids)],
      };
    case 'update_bullet':
      return { op: change.op, id: change.id, text: cleanLine(change.text) };
    case 'remove_bullet':
      return { op: change.op, id: change.id, why: cleanLine(change.why) };
  }
}
