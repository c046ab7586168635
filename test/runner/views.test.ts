import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '../../src/contracts/kinds.ts';
import type { View } from '../../src/history/view-file.ts';
import { allViews } from '../../src/runner/views.ts';
import { type MemoryHistory, memoryHistory } from '../history/memory-history.ts';
import { viewExamples } from './view-examples.ts';

let views: View[];
let history: MemoryHistory;
beforeAll(async () => {
  views = await allViews();
  history = await memoryHistory(views);
});
afterAll(() => history[Symbol.dispose]());

describe('the views of the history', () => {
  test('are these, and none has the name of a kind.', () => {
    const names = views.map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(viewExamples.map(({ view }) => view)));
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => kinds.some((kind) => kind.name === name))).toEqual([]);
  });

  test('have just the columns that their comments name, and no rows without records.', async () => {
    await history.clear();
    for (const { name, columns } of views) {
      const result = await history.connection.runAndReadAll(`SELECT * FROM "${name}"`);
      expect(result.columnNames(), name).toEqual(columns.map((column) => column.name));
      expect(result.getRows(), name).toEqual([]);
    }
  });

  test.each(viewExamples.map((example) => [example.view, example.title, example] as const))(
    '%s: %s',
    async (view, _title, { records, rows, order }) => {
      await history.clear();
      await history.fill(records);
      const found = await history.ask(`SELECT * FROM "${view}" ORDER BY ${order ?? 'ALL'}`);
      expect(found).toHaveLength(rows.length);
      for (const [at, row] of rows.entries()) expect(found[at]).toMatchObject(row);
    },
  );
});
