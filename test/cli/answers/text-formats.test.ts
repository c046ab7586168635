import { describe, expect, test } from 'vitest';
import { writeAnswer } from '../../../src/cli/answers/write-answer.ts';
import { memoryHistory } from './memory-history.ts';

const sample = `SELECT * FROM (VALUES (1, 'a|b', TRUE), (20, NULL, FALSE), (300, 'two' || chr(10) || 'lines', NULL))
  AS t(n, words, yes)`;

describe('json', () => {
  test('is one array, a row a line.', async () => {
    await using history = await memoryHistory();
    const text = await history.text(sample, { format: 'json' });

    expect(text.split('\n')).toHaveLength(6);
    expect(JSON.parse(text)).toEqual([
      { n: 1, words: 'a|b', yes: true },
      { n: 20, words: null, yes: false },
      { n: 300, words: 'two\nlines', yes: null },
    ]);
  });

  test('is an empty array for no rows, and whole across chunks.', async () => {
    await using history = await memoryHistory();

    expect(await history.text(`${sample} WHERE FALSE`, { format: 'json' })).toBe('[]\n');
    const many = JSON.parse(await history.text('SELECT range AS i FROM range(5000)', { format: 'json' }));
    expect(many).toEqual(Array.from({ length: 5000 }, (_, i) => ({ i })));
  });
});

describe('csv', () => {
  test('quotes what needs it, tells NULL from empty text, and leaves formulas alone.', async () => {
    await using history = await memoryHistory();
    const sql = `SELECT * FROM (VALUES ('a,b', 'say "x"', 1.50), ('', NULL, 2.00), ('=1+1', ' blank', NULL)) AS t("k,1", v, d)`;

    expect(await history.text(sql, { format: 'csv' })).toBe(
      '"k,1",v,d\n"a,b","say ""x""",1.50\n"",,2.00\n=1+1," blank",\n',
    );
  });
});

describe('markdown', () => {
  test('escapes pipes, line ends and what Markdown or HTML would act on.', async () => {
    await using history = await memoryHistory();

    expect(await history.text(sample, { format: 'markdown' })).toBe(
      '| n | words | yes |\n| --- | --- | --- |\n| 1 | a\\|b | true |\n| 20 |  | false |\n| 300 | two<br>lines |  |\n',
    );
    const hostile = await history.text(`SELECT '<img src=x> *b* \`c\` [l](u) snake_case _em_ \\|' AS v`, {
      format: 'markdown',
    });
    expect(hostile.split('\n')[2]).toBe(
      '| \\<img src=x\\> \\*b\\* \\`c\\` \\[l\\](u) snake_case \\_em\\_ \\\\\\| |',
    );
  });
});

describe('every format', () => {
  test.each(['json', 'jsonl', 'csv', 'markdown', 'table', 'arrow'] as const)(
    '%s stops at the limit and says how much it has seen.',
    async (format) => {
      await using history = await memoryHistory();
      const result = await history.connection.stream('SELECT range AS i FROM range(1000000)');
      let pieces = 0;
      const sink = {
        write: async () => {
          pieces += 1;
        },
      };
      const count = await writeAnswer(result, { format, limit: 3000 }, sink);

      expect(count.shown).toBe(3000);
      expect(count.rows).toBeGreaterThan(3000);
      expect(count.rows).toBeLessThan(10_000);
      expect(pieces).toBeGreaterThan(0);
    },
  );

  test.each(['json', 'csv', 'table'] as const)(
    '%s writes nothing when the query fails at once.',
    async (format) => {
      await using history = await memoryHistory();
      const failing = history.text("SELECT (range || 'x')::INT FROM range(10)", { format });

      await expect(failing).rejects.toThrow(/Conversion Error/);
    },
  );

  test('waits for the sink before it asks for more.', async () => {
    await using history = await memoryHistory();
    const result = await history.connection.stream('SELECT range AS i FROM range(10000)');
    let open = 0;
    let most = 0;
    const sink = {
      write: async () => {
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
      },
    };
    await writeAnswer(result, { format: 'jsonl' }, sink);

    expect(most).toBe(1);
  });

  test('ends when it is told to.', async () => {
    await using history = await memoryHistory();
    const result = await history.connection.stream('SELECT range AS i FROM range(10000000)');
    const stop = new AbortController();
    const sink = { write: async () => stop.abort() };
    const writing = writeAnswer(result, { format: 'jsonl', signal: stop.signal }, sink);

    await expect(writing).rejects.toThrow(/aborted/);
  });
});
