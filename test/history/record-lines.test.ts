import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findKind, kinds } from '../../src/contracts/kinds.ts';
import { outcome } from '../../src/contracts/outcome.ts';
import { recordLines } from '../../src/history/record-lines.ts';
import { historyFolder, outcomeLine, outcomeLines, segment } from './history-folder.ts';

function outcomesOf(content: string) {
  const bytes = Buffer.from(content);
  const { text, unread, records: count } = recordLines(outcome, bytes);
  const lines = (text ?? bytes).toString('utf8').split('\n');
  const records = lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records).toHaveLength(count);
  return { records, unread };
}

describe('a line of the history', () => {
  test.each<[string, string]>([
    ['is cut off', '{"id":"x","kind":"outcome"'],
    ['is no JSON', 'hello'],
    ['is null', 'null'],
    ['is an empty object', '{}'],
    ['is a list', '[1]'],
    ['is a number', '7'],
    ['is blank, but not empty', '   '],
    ['holds two records', outcomeLine('a').trim() + outcomeLine('b').trim()],
    ['has a comment behind it', `${outcomeLine('x').trim()} // checked`],
    ['has no id', outcomeLine('x').replace('"id":"x",', '')],
    ['has a number for an id', outcomeLine('x').replace('"id":"x"', '"id":5')],
    ['is of another kind', outcomeLine('x').replace('"kind":"outcome"', '"kind":"patch"')],
    ['lacks a field that is required', outcomeLine('x', { idea_id: undefined })],
    ['has an outcome that does not exist', outcomeLine('x', { outcome: 'acepted' })],
    ['has words for a number', outcomeLine('x', { tokens: 'many' })],
    ['has a number in quotes', outcomeLine('x', { tokens: '12' })],
    ['has a fraction for a count', outcomeLine('x', { tokens: 1.5 })],
    ['has a cost below nothing', outcomeLine('x', { cost_usd: -1 })],
    ['has a cost beyond numbers', outcomeLine('x').replace('}\n', ',"cost_usd":1e999}')],
    ['has a time that is none', outcomeLine('x', { emitted_at: 'yesterday' })],
    ['has a schema version beyond counting', outcomeLine('x', { schema_version: 2 ** 40 })],
  ])('that %s is named with its path and number, and the rest counts.', (_what, line) => {
    const { records, unread } = outcomesOf(
      `${outcomeLine('a')}${line.trimEnd() || line}\n${outcomeLine('b')}`,
    );
    expect(records.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(unread).toEqual([{ line: 2, found: expect.any(String) }]);
    expect(line.startsWith(unread[0]?.found ?? '-')).toBe(true);
    expect(unread[0]?.found.length).toBeLessThanOrEqual(80);
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['has a field that nobody knows', outcomeLine('x', { colour: 'red' }), { id: 'x' }],
    ['ends in CRLF', outcomeLine('x').replace('\n', '\r\n'), { id: 'x' }],
    ['has no line end', outcomeLine('x').trimEnd(), { id: 'x' }],
    [
      'names a field twice: the last one counts',
      outcomeLine('x').replace('}', ',"outcome":"failed"}'),
      { outcome: 'failed' },
    ],
    [
      'has a time with an offset',
      outcomeLine('x', { emitted_at: '2026-11-21T10:00:00+02:00' }),
      { emitted_at: '2026-11-21T08:00:00.000Z' },
    ],
    [
      'has half a surrogate pair',
      outcomeLine('x', { notes: 'a\ud800b\udc00\udc00' }),
      { notes: 'a\ufffdb\ufffd\ufffd' },
    ],
    [
      'only looks as if it had one',
      outcomeLine('x', { notes: '\\ud800 \\\\ud800' }),
      { notes: '\\ud800 \\\\ud800' },
    ],
    ['is of a newer version', outcomeLine('x', { schema_version: 2 }), { schema_version: 2 }],
  ])('that %s is read.', (_what, line, wanted) => {
    const { records, unread } = outcomesOf(line);
    expect(unread).toEqual([]);
    expect(records).toEqual([expect.objectContaining(wanted)]);
  });

  test('is one record or one bad line, whatever it holds.', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.json(), fc.string(), fc.constant(outcomeLine('x').trim()))),
        (lines) => {
          const clean = lines.map((line) => line.replaceAll('\n', ' '));
          const { records, unread } = outcomesOf(clean.join('\n'));
          expect(records.length + unread.length).toBe(clean.filter((line) => line !== '').length);
        },
      ),
    );
  });

  test('is read for every kind that there is: no schema is beyond the reader.', () => {
    for (const kind of kinds) {
      expect(recordLines(kind, Buffer.from('{"id":"x"}\n')).unread).toHaveLength(1);
      expect(findKind(kind.name)).toBe(kind);
    }
  });
});

describe('a segment', () => {
  test('of lines as they are recorded is taken as it is; one other line is all that is written anew.', () => {
    const lines = outcomeLines('a', 50);
    expect(recordLines(outcome, Buffer.from(lines))).toEqual({ text: undefined, records: 50, unread: [] });
    const other = outcomeLine('x', { emitted_at: '2026-11-21T10:00:00+02:00' });
    const { text } = recordLines(outcome, Buffer.from(`${lines}${other}${lines}`));
    expect(text?.toString('utf8')).toBe(
      `${lines}${other.replace('T10:00:00+02:00', 'T08:00:00.000Z')}${lines}`,
    );
  });

  test('of another tool may be far longer than a text can be taken in at once.', () => {
    const notes = 'x'.repeat(9_000);
    const line = Buffer.from(outcomeLine('x', { notes }));
    const content = Buffer.concat(Array.from({ length: 4_000 }, () => line));
    const { records, unread } = recordLines(
      outcome,
      Buffer.concat([content, Buffer.from('garbage\n'), line]),
    );
    expect([records, unread]).toEqual([4_001, [{ line: 4_001, found: 'garbage' }]]);
  });

  test('with a line that no reader takes in names it by its number.', () => {
    const long = outcomeLine('x', { notes: 'x'.repeat(17_000_000) });
    const { records, unread } = recordLines(outcome, Buffer.from(`${outcomeLine('a')}${long}`));
    expect([records, unread]).toEqual([1, [{ line: 2, found: long.slice(0, 80) }]]);
  });
});

describe('a bad line in a repository', () => {
  test('is named every time the history is opened, by whoever opens it, until it is mended.', async () => {
    const broken = `${outcomeLine('a')}${outcomeLine('x', { tokens: 'many' })}${outcomeLine('b')}`;
    await using history = await historyFolder({ [segment(1)]: broken, [segment(2)]: outcomeLines('c', 2) });
    const ids = 'SELECT id FROM outcome ORDER BY id';
    for (let time = 0; time < 3; time += 1) {
      const { rows, bad } = await history.ask<{ id: string }>(ids);
      expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c-0', 'c-1']);
      expect(bad).toEqual([{ path: segment(1), line: 2, found: expect.stringContaining('"id":"x"') }]);
    }
    await history.commit({ [segment(1)]: outcomeLines('a', 3) });
    expect((await history.ask(ids)).bad).toEqual([]);
  });

  test('does not keep other kinds, or texts of any script, from being read.', async () => {
    const notes = 'é 日本 😀 " \\ \u0000 \u2028 \ud800 \'; DROP TABLE outcome; --';
    await using history = await historyFolder({
      [segment(1)]: outcomeLine('a', { notes, extra: { note: notes } }),
      [segment(1, 'patch')]: "garbage \u0000 '; --\n",
    });
    const { rows, bad } = await history.ask<{ notes: string; note: string }>(
      "SELECT notes, extra->>'note' AS note FROM outcome",
    );
    expect(rows).toEqual([
      { notes: notes.replace('\ud800', '\ufffd'), note: expect.stringContaining('日本 😀') },
    ]);
    expect(bad).toEqual([{ path: segment(1, 'patch'), line: 1, found: expect.stringMatching(/^garbage/) }]);
  });
});
