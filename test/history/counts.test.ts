import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyFolder, outcomeLine, segment } from './history-folder.ts';

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((text) => `n${text.trim()}`);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const fields = fc.record({
  idea_id: name,
  persona_id: optional(fc.constantFrom('solver', 'other')),
  model: optional(fc.constantFrom('m1', 'm2')),
  domain: optional(name),
  outcome: fc.constantFrom('accepted', 'rejected', 'failed', 'error'),
  cost_usd: optional(fc.double({ min: 0, max: 1e6, noNaN: true })),
  tokens: optional(fc.nat()),
  smoke_test_pass: optional(fc.boolean()),
  bullets_helpful: optional(fc.array(name, { maxLength: 3 })),
  notes: optional(name),
  emitted_at: optional(
    fc
      .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((at) => at.toISOString()),
  ),
});

interface Row {
  id: string;
  [field: string]: unknown;
}

/** A field that is absent in JSON is null in a table. */
function asRow(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const columns = ['idea_id', 'persona_id', 'model', 'domain', 'outcome', 'cost_usd', 'tokens'];
  const more = ['smoke_test_pass', 'bullets_helpful', 'notes', 'emitted_at'];
  return Object.fromEntries([...columns, ...more].map((column) => [column, record[column] ?? null]));
}

test('the tables hold what a plain reading of the JSON holds, record by record and in every count.', async () => {
  await using history = await historyFolder();
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fields, { minLength: 1, maxLength: 40 }), async (records) => {
      round += 1;
      const text = records.map((record, at) => outcomeLine(`r-${round}-${at}`, record)).join('');
      await history.commit({ [segment(1)]: text });
      const { rows, bad } = await history.ask<Row>('SELECT * FROM outcome');
      expect(bad).toEqual([]);
      const byId = new Map(rows.map((row) => [row.id, row]));
      expect(rows).toHaveLength(records.length);
      for (const [at, record] of records.entries())
        expect(byId.get(`r-${round}-${at}`)).toMatchObject(asRow(record));
      const groups = await history.ask<{ outcome: string; n: number }>(
        'SELECT outcome, count(*) AS n FROM outcome GROUP BY ALL',
      );
      for (const { outcome, n } of groups.rows)
        expect(n).toBe(records.filter((record) => record.outcome === outcome).length);
    }),
    { numRuns: 12 },
  );
});
