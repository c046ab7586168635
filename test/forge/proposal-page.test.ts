import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readProposalPage, writeProposalPage } from '../../src/forge/proposal-page.ts';

const head = '0123456789abcdef0123456789abcdef01234567';
const draft = {
  id: 'millwright/topic/key',
  title: 'A title: with "quotes"',
  body: '# Why\n\nBecause.',
  files: [{ path: 'personas/solver.yaml', content: 'x' }],
};
const openedAt = '2026-11-21T03:20:50.114Z';
const page = writeProposalPage(draft, head, openedAt);

/** The page with another line for the state, as a person would type it. */
const withState = (lines: string) => readProposalPage(page.replace('state: open', lines));

describe('the page of a proposal', () => {
  test('says the same after it was written and read.', () => {
    expect(readProposalPage(page)).toEqual({
      id: draft.id,
      title: draft.title,
      body: draft.body,
      state: 'open',
      head,
      openedAt,
    });
  });

  test('says the same whatever title and body hold.', () => {
    const line = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .map((text) => text.replaceAll(/\p{Cc}/gu, ' '));
    fc.assert(
      fc.property(line, line, (title, body) => {
        const read = readProposalPage(writeProposalPage({ ...draft, title, body }, head, openedAt));
        expect(read).toMatchObject({ title, body: body.trim(), state: 'open', head });
      }),
    );
  });

  test.each([
    ['state: closed', undefined],
    ['state: Closed', undefined],
    ['state: "rejected"', undefined],
    ["state: 'declined'", undefined],
    ['state: closed\nreason: no', 'no'],
    ['state: closed\nreason: no: never', 'no: never'],
    ['state: closed\nreason: "no: never"', 'no: never'],
    ['state: closed\nreason: [see #4', '[see #4'],
    ['state: closed\nreason: @ada says no', '@ada says no'],
    ['state: closed\nreason: `x` is worse', '`x` is worse'],
    ['state: closed\nreason: >-\n  two\n  lines', 'two lines'],
    ['state: closed\nreason: 42', '42'],
    ['state: closed\nreason:', undefined],
    ['state: closed\nreason: ""', undefined],
    ['state: closed\nreason: null', undefined],
  ])('is a clear "no" with %j.', (lines, reason) => {
    const read = withState(lines);
    expect(read?.state).toBe('closed');
    expect(read?.reason).toBe(reason);
    expect(read).toMatchObject({ id: draft.id, head, openedAt });
  });

  test.each(['state: open', 'state: Open', 'state: approved', 'state: merged', 'state:  ', 'label: mine'])(
    'is no "no" with %j.',
    (lines) => {
      expect(withState(lines)?.state ?? 'unreadable').not.toBe('closed');
    },
  );

  test.each([
    ['CRLF line ends', page.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\u{feff}${page}`],
    ['a field more', page.replace('state: open', 'state: open\nlabels: [a, b]')],
  ])('can be read with %s.', (_what, text) => {
    expect(readProposalPage(text)).toMatchObject({ id: draft.id, state: 'open', head });
  });

  test.each([
    ['an option of git', '--output=/tmp/x'],
    ['a branch', 'main'],
    ['half an id', head.slice(0, 12)],
    ['an id in capitals', head.toUpperCase()],
  ])('names no commit when its head is %s.', (_what, other) => {
    expect(readProposalPage(page.replace(`head: ${head}`, `head: ${other}`))?.head).toBe('');
  });

  test.each([
    ['empty', ''],
    ['without front matter', draft.body],
    ['cut off', page.slice(0, 40)],
    ['without its id', page.replace(/^id: .*\n/m, '')],
  ])('cannot be read when it is %s.', (_what, text) => {
    expect(readProposalPage(text)).toBeUndefined();
  });
});
