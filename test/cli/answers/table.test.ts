import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tableLayout } from '../../../src/cli/answers/table-layout.ts';
import { cutToWidth } from '../../../src/plots/cut-to-width.ts';
import { displayWidth } from '../../../src/plots/display-width.ts';
import { memoryHistory } from './memory-history.ts';

const sample = `SELECT * FROM (VALUES (1, 'first', 0.5), (2000, NULL, 12.25)) AS t(n, name, share)`;

describe('a table', () => {
  test('is aligned, with numbers to the right, and counts its rows.', async () => {
    await using history = await memoryHistory();

    expect(await history.text(sample, { format: 'table', width: 80 })).toBe(
      '   n  name   share\n────  ─────  ─────\n   1  first   0.50\n2000  NULL   12.25\n2 rows\n',
    );
  });

  test('is not cut on a terminal that does not know its size.', async () => {
    await using history = await memoryHistory();

    expect(await history.text(sample, { format: 'table', width: 0 })).toBe(
      await history.text(sample, { format: 'table' }),
    );
  });

  test('dims NULL where there is colour, and only there.', async () => {
    await using history = await memoryHistory();

    expect(await history.text(sample, { format: 'table', color: true })).toContain('\u001b[2mNULL\u001b[22m');
    expect(await history.text(sample, { format: 'table' })).not.toContain('\u001b');
  });

  test('says that the limit cut it, in the words of the caller.', async () => {
    await using history = await memoryHistory();
    const sql = 'SELECT range AS i FROM range(300)';

    expect(await history.text(sql, { format: 'table', limit: 200 })).toMatch(
      /\n199\nfirst 200 of more rows; --limit 0 shows all\n$/,
    );
    expect(await history.text(sql, { format: 'table', limit: 200, limitHint: '.limit 0' })).toMatch(
      /; \.limit 0\n$/,
    );
    expect(await history.text(sql, { format: 'table', limit: 300 })).toMatch(/\n300 rows\n$/);
    expect(await history.text(`${sql} LIMIT 1`, { format: 'table' })).toMatch(/\n1 row\n$/);
    expect(await history.text(`${sql} WHERE FALSE`, { format: 'table' })).toBe('i\n─\n0 rows\n');
  });

  test('cuts wide text before it cuts numbers, and names the columns without room.', async () => {
    await using history = await memoryHistory();
    const sql = `SELECT 123456789 AS n, repeat('word ', 40) AS words, 'abcdefghij' AS third, 'z' AS fourth`;

    expect(await history.text(sql, { format: 'table', width: 37 })).toContain(
      '123456789  word wo…  abcdefg…  z\n',
    );
    const narrow = await history.text(sql, { format: 'table', width: 21 });
    expect(narrow).toContain('123456789  word word…\n');
    expect(narrow.replaceAll('\n', ' ')).toContain('no room for 2 of 4 columns: third, fourth');
  });

  test('shows control characters and never sends them.', async () => {
    await using history = await memoryHistory();
    const sql = `SELECT 'a' || chr(27) || '[31mred' || chr(10) || chr(9) || chr(127) || chr(8238) AS v`;
    const row = (await history.text(sql, { format: 'table' })).split('\n')[2];

    expect(row).toBe('a␛[31mred␊␉␡\ufffd');
  });

  test('goes on with the widths of its first rows when there are very many.', async () => {
    await using history = await memoryHistory();
    const text = await history.text('SELECT range AS i FROM range(10000)', { format: 'table', width: 80 });
    const lines = text.trimEnd().split('\n');

    expect(lines).toHaveLength(10_003);
    expect(new Set(lines.slice(2, -1).map((line) => line.length)).size).toBe(1);
    expect(lines.at(-2)).toBe('9999');
  });
});

describe('the width of text', () => {
  test.each([
    ['plain', 5],
    ['日本語', 6],
    ['한국어', 6],
    ['한', 2],
    ['é', 1],
    ['e\u0301', 1],
    ['👍', 2],
    ['👩‍👩‍👧‍👦', 2],
    ['👍🏽', 2],
    ['🇦🇹', 2],
    ['1️⃣', 2],
    ['❤️', 2],
    ['❤', 1],
    ['ﾊﾝ', 2],
    ['ＡＢ', 4],
    ['─…', 2],
    ['', 0],
  ])('of %j is %i.', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test('is never more than asked for after a cut, and the cut never breaks a character.', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, width) => {
        const cut = cutToWidth(text, width);
        expect(displayWidth(cut)).toBeLessThanOrEqual(width);
        if (displayWidth(text) <= width && width > 0) expect(cut).toBe(text);
        else expect(text.startsWith(cut.replace(/…$/, ''))).toBe(true);
      }),
    );
  });

  test('of no line of a table is more than that of the terminal.', () => {
    const cell = fc.option(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 60 })),
      {
        nil: undefined,
      },
    );
    const table = fc.integer({ min: 1, max: 12 }).chain((columns) =>
      fc.record({
        columns: fc.array(fc.record({ name: fc.string({ unit: 'binary' }), numeric: fc.boolean() }), {
          minLength: columns,
          maxLength: columns,
        }),
        rows: fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 5 }),
        width: fc.integer({ min: 1, max: 120 }),
        color: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(table, ({ columns, rows, width, color }) => {
        const layout = tableLayout(columns, rows.slice(0, 3), { width, color });
        const lines = (layout.header + rows.map(layout.row).join('')).split('\n');
        expect(lines).toHaveLength(rows.length + 3);
        for (const line of lines)
          expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
