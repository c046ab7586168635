import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metaCommand, metaCommands } from '../../../src/cli/sql-shell/meta-command.ts';

test.each([
  ['.help', { kind: 'help' }],
  ['.tables;', { kind: 'tables' }],
  ['.quit', { kind: 'quit' }],
  ['.exit', { kind: 'quit' }],
  ['.describe  outcome ;', { kind: 'describe', name: 'outcome' }],
  ['.describe "odd name"', { kind: 'describe', name: 'odd name' }],
  ['.format csv', { kind: 'format', format: 'csv' }],
  ['.limit 0', { kind: 'limit', limit: 0 }],
  ['.timer on', { kind: 'timer', on: true }],
  ['.timer off', { kind: 'timer', on: false }],
  ['.at 2026-03-01', { kind: 'at', when: '2026-03-01' }],
  ['.at 2026-03-01 10:00', { kind: 'at', when: '2026-03-01 10:00' }],
  ['.at', { kind: 'at', when: undefined }],
])('%j is understood.', (line, command) => {
  expect(metaCommand(line)).toEqual(command);
});

test.each([
  ['.tabels', 'there is no command .tabels', 'did you mean .tables?'],
  ['.zzzzzzzz', 'there is no command .zzzzzzzz', '.help lists the commands'],
  [
    '.format parquet',
    '.format expects one of table, json, jsonl, csv, markdown',
    'millwright query writes more of them',
  ],
  ['.limit many', '.limit expects a number of rows', 'for example .limit 50; 0 shows all'],
  ['.limit -1', '.limit expects a number of rows', 'for example .limit 50; 0 shows all'],
  ['.timer', '.timer expects on or off', 'for example .timer on'],
  ['.describe', '.describe expects a name', '.tables lists them'],
])('%j is answered with what was expected.', (line, message, hint) => {
  expect(metaCommand(line)).toEqual({ kind: 'wrong', message, hint });
});

test('Every command of the list is known, and no line breaks the parser.', () => {
  for (const [name] of metaCommands)
    expect(metaCommand(`${name} on`)).not.toHaveProperty('message', expect.stringContaining('no command'));
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(metaCommand(`.${text}`)).toHaveProperty('kind');
    }),
  );
});
