import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '../../src/contracts/kinds.ts';
import type { Entry } from '../../src/contracts/record.ts';
import { allViews } from '../../src/runner/views.ts';
import { sweBenchShop } from '../feedback/swe-bench.ts';
import { type MemoryHistory, memoryHistory } from '../history/memory-history.ts';
import { readCookbook } from './read-cookbook.ts';

const page = await readFile(fileURLToPath(new URL('../../state/README.md', import.meta.url)), 'utf8');
const questions = readCookbook(page);

let history: MemoryHistory;
beforeAll(async () => {
  history = await memoryHistory(await allViews());
  await history.fill(await demoRecords());
});
afterAll(() => history[Symbol.dispose]());

/** What the history holds after the demo: the shipped outcomes, and one pass over them. */
async function demoRecords(): Promise<Record<string, readonly Entry[]>> {
  await using shop = await sweBenchShop();
  const { failures } = await shop.pass();
  expect(failures).toEqual([]);
  const records = kinds.map(async ({ name }) => [name, await shop.records(name)] as const);
  return Object.fromEntries(await Promise.all(records));
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
      const result = await history.connection.runAndReadAll(sql);
      expect(result.columnNames()).toEqual(columns);
      const rows = (await history.ask(sql)).map((row) => Object.values(row).map(asCell));
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
