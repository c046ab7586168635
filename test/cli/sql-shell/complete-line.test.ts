import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completeLine } from '../../../src/cli/sql-shell/complete-line.ts';

const column = (name: string) => ({ name, type: 'VARCHAR', text: '' });
const names = [
  {
    name: 'outcome',
    summary: 'what came of it',
    columns: [column('outcome_id'), column('success'), column('order')],
  },
  { name: 'slot_event', summary: 'what happened', columns: [column('slot_id'), column('at')] },
];

test.each<readonly [string, string, string, readonly string[]]>([
  ['', 'SELECT * FROM ', '', ['outcome', 'slot_event']],
  [
    '',
    'SELECT * FROM s',
    's',
    [
      'slot_event',
      'sample',
      'select',
      'semi',
      'show',
      'similar',
      'summarize',
      'split_part',
      'starts_with',
      'stddev',
      'strftime',
      'string_agg',
      'strptime',
      'struct_pack',
      'substr',
      'sum',
    ],
  ],
  ['', 'SELECT * FROM outcome JOIN o', 'o', ['outcome', 'offset', 'on', 'or', 'order', 'outer', 'over']],
  ['SELECT *\n', 'FROM sl', 'sl', ['slot_event']],
  ['', 'select outcome.', '', ['outcome_id', 'success', '"order"']],
  ['', 'select * from outcome o where o.suc', 'suc', ['success']],
  ['', 'select * from outcome as o join slot_event e on e.', '', ['slot_id', 'at']],
  ['', 'select * from outcome, slot_event e where e.s', 's', ['slot_id']],
  ['', 'select nothing.', '', []],
  ['', 'select * from outcome where outc', 'outc', ['outcome_id', 'outcome']],
  ['', 'select slot', 'slot', ['slot_id', 'slot_event']],
  ['', 'SEL', 'SEL', ['SELECT']],
  ['', 'sel', 'sel', ['select']],
  ['', 'select date_tr', 'date_tr', ['date_trunc']],
  ['', "select 'sel", '', []],
  ['', 'select 1 -- sel', '', []],
  ['select 1; ', 'sel', 'sel', ['select']],
  ['', '.ta', '.ta', ['.tables']],
  ['', '.describe o', 'o', ['outcome']],
  ['', '.format j', 'j', ['json', 'jsonl']],
  ['', '.timer ', '', ['on', 'off']],
  ['select 1\n', '.ta', 'ta', []],
])('After %j, %j completes %j with %j.', (pending, line, word, candidates) => {
  expect(completeLine(pending, line, names)).toEqual({ candidates, word });
});

test('What is offered begins with the word, and the line ends with it.', () => {
  const piece = fc.constantFrom(
    'select ',
    'from ',
    'outcome',
    '.',
    'o',
    ' as ',
    ',',
    's',
    '(',
    "'",
    '"',
    '--',
    'join ',
    'O',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const line = pieces.join('');
      const { candidates, word } = completeLine('', line, names);
      expect(line.endsWith(word)).toBe(true);
      for (const each of candidates)
        expect(each.replace(/^"/, '').toLowerCase()).toMatch(
          new RegExp(`^${word.replaceAll('.', '\\.').toLowerCase()}`),
        );
    }),
  );
});
