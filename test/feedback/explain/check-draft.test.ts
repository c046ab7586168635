import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDraft, type DraftGround } from '../../../src/feedback/explain/check-draft.ts';
import { type DraftAnswer, draftAnswer } from '../../../src/feedback/explain/draft-answer.ts';
import { findQuote } from '../../../src/feedback/explain/find-quote.ts';
import { recommended, solver } from '../feedback-records.ts';
import { good } from './explain-bench.ts';

const records = [
  { id: 'o-1', text: 'notes:\nThe suite timed out\nafter the retry loop.', hasTranscript: false },
  { id: 'o-2', text: 'notes:\nNo test was run before the patch was sent.', hasTranscript: false },
];
const ground: DraftGround = {
  finding: recommended('f-1', undefined, { recommendation_type: 'investigate' }),
  persona: solver,
  records,
  signals: [],
};
const there = solver.persona.playbook[0]?.id ?? '';
const bullet = (more: object): Partial<DraftAnswer> => ({
  bullets: [{ ...good.bullets[0], ...more } as DraftAnswer['bullets'][number]],
});
const check = (more: Partial<DraftAnswer> = {}, on: Partial<DraftGround> = {}) =>
  checkDraft({ ...good, ...more }, { ...ground, ...on });
const errorsOf = (...given: Parameters<typeof check>) => {
  const checked = check(...given);
  return checked.ok ? '' : checked.errors.join('\n');
};

describe('a draft', () => {
  test('that holds keeps the quotes that were found, and counts the others.', () => {
    const checked = check();
    if (!checked.ok) throw new Error(checked.errors.join('\n'));
    expect(checked.draft.causes[0]?.quotes.map(({ record_id: id }) => id)).toEqual(['o-2', 'o-1']);
    expect(checked.draft.quotesDropped).toBe(2);
    expect(checked.draft.deltas).toMatchObject([{ op: 'add_bullet', evidence: ['o-2'] }]);
  });

  test('that sees nothing is a good one.', () => {
    expect(check({ causes: [], bullets: [] })).toMatchObject({ ok: true });
  });

  test.each<[string, Partial<DraftAnswer>, RegExp, Partial<DraftGround>?]>([
    ['another persona', { persona_id: 'backend' }, /persona_id: expected "solver", found "backend"/],
    ['no persona and bullets', { persona_id: null }, /persona_id/],
    ['bullets for nobody', {}, /bullets: expected none/, { persona: undefined }],
    ['bullets without a cause', { causes: [] }, /expected the cause/],
    [
      'a record that was not shown',
      { causes: [{ statement: 'x', record_ids: ['o-404'], quotes: [] }] },
      /causes\.0\.record_ids: .*o-404/,
    ],
    ['a bullet on such a record', bullet({ record_ids: ['o-4'] }), /bullets\.0\.record_ids/],
    ['a bullet that is there', bullet({ id: there }), /expected a new id/],
    [
      'a change of none that is there',
      bullet({ op: 'update_bullet', id: 'gone' }),
      /expected the id of a bullet/,
    ],
    ['a removal of none that is there', bullet({ op: 'remove_bullet', id: 'gone', why: 'Bad.' }), /gone/],
    [
      'the text that is there',
      bullet({ op: 'update_bullet', id: there, text: solver.persona.playbook[0]?.text }),
      /another text/,
    ],
    ['a bullet twice', { bullets: [...good.bullets, ...good.bullets] }, /each bullet once/],
    ['a path of a machine', bullet({ text: 'Read /home/ada/notes first.' }), /path of one machine/],
    ['a way upwards', bullet({ text: 'Look into ../../secrets too.' }), /path of one machine/],
    ['a secret', bullet({ text: `Use sk-ant-${'a'.repeat(30)}.` }), /bullets\.0\.text: it holds/],
    ['nothing but control characters', bullet({ text: '\u0000\u0007' }), /expected words/],
    [
      'a signal that was not shown',
      { signals: [{ signal_id: 's-9', use: 'none', reason: 'x' }] },
      /signals\.0\.signal_id/,
    ],
  ])('with %s is refused, and says so.', (_, more, words, on) => {
    expect(errorsOf(more, on)).toMatch(words);
  });

  test('may hold template signs: they are text like any other.', () => {
    const text = 'Keep {{ 7*7 }} and {% include "x" %} as they are.';
    expect(check(bullet({ text }))).toMatchObject({ ok: true, draft: { deltas: [{ text }] } });
  });

  test('that edits the playbook away is refused by the guard, not by luck.', () => {
    const proven = { ...solver.persona.playbook[0], helpful: 5 } as (typeof solver.persona.playbook)[number];
    const persona = { ...solver, persona: { ...solver.persona, playbook: [proven] } };
    const more = bullet({ op: 'remove_bullet', id: there, why: 'Bad.' });
    expect(errorsOf(more, { persona })).toMatch(/has helped 5 times/);
  });
});

const seed = Math.floor(Math.random() * 2 ** 31);
const words = fc
  .array(fc.constantFrom('a', 'b', 'test', 'run', ' ', '\n', '\t', '  ', 'é', '{{', '`'))
  .map((all) => all.join(''));

test('a quote is found exactly where its words stand in a row, whatever the white space.', () => {
  const property = fc.property(words, words, words, (before, quote, after) => {
    const squeezed = (text: string) =>
      text
        .split(/\s+/)
        .filter((word) => word !== '')
        .join(' ');
    const text = before + quote + after;
    expect(findQuote(text, quote.replaceAll(/\s/g, '\n '))).toBe(squeezed(quote).length >= 8);
    const other = `${quote} never said`;
    expect(findQuote(text, other)).toBe(false);
  });
  fc.assert(property, { seed, numRuns: 300 });
});

test('no draft is accepted with a quote, a record or a persona that was not there.', () => {
  const some = <T>(...values: readonly T[]) => fc.constantFrom(...values);
  const ids = fc.array(some('o-1', 'o-2', 'o-3', 'o-404'), { minLength: 1, maxLength: 3 });
  const quote = fc.record({
    record_id: some('o-1', 'o-2', 'o-3'),
    text: fc.oneof(some('The suite timed out', 'No test was run', 'after the retry', 'Never said so'), words),
  });
  const cause = fc.record({ statement: some('One.', '\u0000'), record_ids: ids, quotes: fc.array(quote) });
  const change = fc.oneof(
    fc.record({
      op: some('add_bullet' as const),
      id: some('new-one', there),
      section: some('Start'),
      text: fc.oneof(some('Run it.', '/etc/passwd/x', '{{ x }}'), fc.string({ minLength: 1 })),
      record_ids: ids,
    }),
    fc.record({
      op: some('remove_bullet' as const),
      id: some('gone', there),
      why: some('It misled.'),
      record_ids: ids,
    }),
  );
  const given = fc.record({
    persona_id: some('solver', 'backend', null),
    causes: fc.array(cause, { maxLength: 3 }),
    bullets: fc.array(change, { maxLength: 4 }),
    signals: fc.constant([]),
  });
  let accepted = 0;
  const property = fc.property(given, (raw) => {
    const read = draftAnswer.safeParse(raw);
    if (!read.success) return;
    const checked = checkDraft(read.data, ground);
    if (!checked.ok) {
      expect(checked.errors).not.toEqual([]);
      return;
    }
    accepted += 1;
    const { causes, deltas } = checked.draft;
    for (const { record_ids: used, quotes } of causes) {
      expect(['o-1', 'o-2']).toEqual(expect.arrayContaining([...used]));
      for (const { record_id: id, text } of quotes)
        expect(findQuote(records.find((record) => record.id === id)?.text ?? '', text)).toBe(true);
    }
    if (deltas.length > 0) expect(read.data.persona_id).toBe('solver');
    for (const delta of deltas) expect(delta.op).toMatch(/_bullet$/);
  });
  fc.assert(property, { seed, numRuns: 500 });
  expect(accepted).toBeGreaterThan(0);
});
