import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainRow } from '../../src/history/rows.ts';
import { runSql } from '../../src/history/run-sql.ts';
import { withAnalysis } from '../../src/runner/open-analysis.ts';
import { allViews } from '../../src/runner/views.ts';
import { sweBenchShop } from '../feedback/swe-bench.ts';
import type { Workshop } from '../forge/workshop.ts';
import { readCookbook } from './read-cookbook.ts';

const page = await readFile(fileURLToPath(new URL('../../state/README.md', import.meta.url)), 'utf8');
const questions = readCookbook(page);

let shop: Workshop;
beforeAll(async () => {
  shop = await sweBenchShop();
  expect((await shop.pass()).failures).toEqual([]);
});
afterAll(() => shop[Symbol.asyncDispose]());

/** As `millwright query` asks: the columns, and every row. */
async function ask(sql: string): Promise<{ columns: string[]; rows: Record<string, unknown>[] }> {
  return shop.run((context) =>
    withAnalysis(context, { sql }, async ({ connection }) => {
      const result = await runSql(connection, sql);
      return { columns: result.columnNames(), rows: (await result.getRowObjectsJS()).map(plainRow) };
    }),
  );
}

describe('the cookbook in state/README.md', () => {
  test('asks fifteen questions, numbered, and shows an answer to each.', () => {
    expect(questions.map(({ number }) => number)).toEqual(Array.from({ length: 15 }, (_, at) => at + 1));
    for (const { question, answer } of questions) {
      expect(question).toMatch(/\?$/);
      expect(answer.length, question).toBeGreaterThan(0);
    }
  });

  test.each(questions.map((entry) => [`${entry.number}. ${entry.question}`, entry] as const))(
    'has the true answer to %s',
    async (_title, { sql, columns, answer, more }) => {
      const asked = await ask(sql);
      expect(asked.columns).toEqual(columns);
      const rows = asked.rows.map((row) => Object.values(row).map(asCell));
      expect(rows.slice(0, answer.length)).toEqual(answer);
      expect(rows.length - answer.length).toBe(more);
    },
  );

  test('names every view and says what it shows, in the words of its file.', async () => {
    for (const { name, summary } of await allViews()) expect(page).toContain(`| \`${name}\` | ${summary} |`);
  });
});

function asCell(value: unknown): string {
  return value === null ? '' : String(value);
}
