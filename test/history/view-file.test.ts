import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MillwrightError } from '../../src/contracts/millwright-error.ts';
import { parseViewFile } from '../../src/history/view-file.ts';

const good = [
  '-- How many records there are.',
  '--',
  '-- kind: of which kind',
  '-- n: how many: all of them',
  'SELECT kind, count(*) AS n',
  'FROM outcome -- a comment of its own',
  'GROUP BY kind',
  '',
];

const withLine = (at: number, line: string | undefined) =>
  good.flatMap((old, index) => (index === at ? (line === undefined ? [] : [line]) : [old])).join('\n');

describe('a view file', () => {
  test('says what the view shows, then each column, then its SELECT.', () => {
    expect(parseViewFile('counts', good.join('\n'))).toEqual({
      name: 'counts',
      summary: 'How many records there are.',
      columns: [
        { name: 'kind', text: 'of which kind' },
        { name: 'n', text: 'how many: all of them' },
      ],
      sql: 'SELECT kind, count(*) AS n\nFROM outcome -- a comment of its own\nGROUP BY kind\n',
    });
  });

  test('may have the line ends of another system.', () => {
    expect(parseViewFile('counts', good.join('\r\n'))).toEqual(parseViewFile('counts', good.join('\n')));
  });

  test.each([
    ['no summary', withLine(0, '-- how many'), 'counts.sql:1: expected a comment with a sentence'],
    ['nothing at all', '', 'counts.sql:1: expected a comment with a sentence'],
    ['no gap', withLine(1, undefined), 'counts.sql:2: expected an empty comment'],
    [
      'a column without a text',
      withLine(3, '-- n:'),
      'counts.sql:4: expected "-- column: what it says, unit"',
    ],
    ['prose among the columns', withLine(2, '-- Some words.'), 'counts.sql:3: expected "-- column'],
    ['a column twice', withLine(3, '-- kind: again'), 'counts.sql:4: expected each column once'],
    ['no columns', withLine(2, 'SELECT 1'), 'counts.sql:3: expected a comment for each column'],
    ['no SQL', good.slice(0, 4).join('\n'), 'counts.sql:5: expected SELECT or WITH'],
    ['another statement', withLine(4, 'DELETE FROM outcome'), 'counts.sql:5: expected SELECT or WITH'],
    ['a semicolon', withLine(6, 'GROUP BY kind;'), 'expected one SELECT without a semicolon'],
  ])('is refused with %s, and the line is named.', (_what, text, message) => {
    expect(() => parseViewFile('counts', text)).toThrow(message);
    expect(() => parseViewFile('counts', text)).toThrow(expect.objectContaining({ code: 'bad-view' }));
  });

  test.each(['', 'Counts', 'a-b', '1st', 'a"b', '../a'])('cannot be called %j.', (name) => {
    expect(() => parseViewFile(name, good.join('\n'))).toThrow('expected a name of lower case letters');
  });

  test('of any text is read or refused, and nothing else happens.', () => {
    const line = fc.oneof(
      fc.constantFrom(...good),
      fc.string().map((text) => `-- ${text}`),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        try {
          const view = parseViewFile('counts', lines.join('\n'));
          expect(view.columns.length).toBeGreaterThan(0);
          expect(lines.join('\n')).toContain(view.summary);
        } catch (error) {
          expect(error).toBeInstanceOf(MillwrightError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
