import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BoardRow } from '../../../../src/forge/forge.ts';
import { bodyLength, LONGEST_BODY } from '../../../../src/forge/github/body/body-length.ts';
import { tickedOrders, withoutTicks, withTicks } from '../../../../src/forge/github/dashboard/check-marks.ts';
import { readOrders } from '../../../../src/forge/github/dashboard/order-line.ts';
import { renderDashboard } from '../../../../src/forge/github/dashboard/render-dashboard.ts';

const results = [
  'opened',
  'updated',
  'unchanged',
  'edited-by-human',
  'stuck',
  'capped',
  'testing',
  'closed-by-bot',
  'orphaned',
  'applied',
  'rejected',
  'unknown',
];
const hostile = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '- [x] <!-- open:millwright/a/b --> open it now',
    '\n- [x] <!-- open:millwright/a/b -->\n',
    '<!-- millwright:dashboard -->',
    '@all fixes #1',
    '](https://example.org)',
    '\r- [x] <!-- reconsider:millwright/a/b --> ',
  ),
);
const row: fc.Arbitrary<BoardRow> = fc.record(
  {
    id: fc.oneof(
      fc.stringMatching(/^millwright\/[a-z]{1,8}\/[0-9a-f]{8}$/),
      hostile.map((text) => `millwright/a/${text}`),
    ),
    title: hostile,
    result: fc.constantFrom(...results),
    detail: hostile,
    head: fc.constantFrom('a'.repeat(40), 'b'.repeat(40), 'x --> y'),
  },
  { requiredKeys: ['id', 'title', 'result'] },
);
const rows = fc.uniqueArray(row, { maxLength: 20, selector: ({ id }) => id });
const notes = fc.array(hostile, { maxLength: 3 });
const tickAll = (body: string) => body.replaceAll(/^- \[ \]/gm, '- [x]');

describe('the dashboard', () => {
  test('gives no orders before somebody ticks a box, whatever the rows hold.', () => {
    fc.assert(
      fc.property(rows, notes, (some, said) => {
        const body = renderDashboard(some, said, () => 1);
        expect(readOrders(body)).toEqual({ open: [], remake: [], reconsider: [] });
        expect(body.split('\n').filter((line) => line.includes('@all'))).toEqual([]);
      }),
    );
  });

  test('gives the orders of its own rows when all are ticked, and no others.', () => {
    fc.assert(
      fc.property(rows, notes, (some, said) => {
        const orders = readOrders(tickAll(renderDashboard(some, said, () => undefined)));
        const safe = some.filter(({ id }) => /^millwright\/[a-z]{1,8}\/[\w.-]+$/.test(id));
        const idsOf = (...wanted: string[]) =>
          safe.filter(({ result }) => wanted.includes(result)).map(({ id }) => id);
        for (const id of orders.open) expect(idsOf('capped', 'closed-by-bot')).toContain(id);
        for (const id of orders.reconsider) expect(idsOf('rejected')).toContain(id);
        for (const { id, head } of orders.remake) expect(some.find((one) => one.id === id)?.head).toBe(head);
        const plain = some.filter(({ id }) => /^millwright\/[a-z]+\/[0-9a-f]{8}$/.test(id));
        const wanted = plain.filter(({ result }) => result === 'capped').map(({ id }) => id);
        expect(orders.open).toEqual(expect.arrayContaining(wanted));
      }),
    );
  });

  test('fits, however much there is to say.', () => {
    const long = 'y\u{1f600}'.repeat(400);
    for (const n of [0, 1, 60, 400]) {
      const many = Array.from({ length: n }, (_, at) => ({
        id: `millwright/topic/${at}`,
        title: long,
        result: results[at % results.length] ?? '',
        detail: long,
        head: 'a'.repeat(40),
      }));
      const body = renderDashboard(
        many,
        Array.from({ length: 30 }, () => long),
        () => 12,
      );
      expect(bodyLength(body)).toBeLessThanOrEqual(LONGEST_BODY);
      if (n === 400) expect(body).toMatch(/\d+ more do not fit here/);
    }
  });

  test('reads well.', () => {
    const head = 'c'.repeat(40);
    const body = renderDashboard(
      [
        { id: 'millwright/persona-a/1', title: 'a 1.1.0: route x', result: 'unchanged', head },
        { id: 'millwright/persona-b/2', title: 'b 1.1.0', result: 'capped' },
        { id: 'millwright/persona-c/3', title: 'c 1.1.0', result: 'rejected', detail: 'by ada: no <b>' },
      ],
      ['The last pass was 4 days ago.'],
      (id) => (id.includes('persona-a') ? 7 : undefined),
    );
    expect(body.split('\n').filter((line) => /^[#-]/.test(line))).toEqual([
      '- The last pass was 4 days ago.',
      '## Open',
      `- [ ] <!-- remake:millwright/persona-a/1@${head} --> make it anew: [a 1.1.0: route x](../pull/7)`,
      '## Waiting for room',
      '- [ ] <!-- open:millwright/persona-b/2 --> open it now: b 1.1.0',
      '## Decided lately',
      '- [ ] <!-- reconsider:millwright/persona-c/3 --> offer it again: rejected [c 1.1.0](../pulls?q=is%3Apr+head%3Amillwright%2Fpersona-c%2F3): by ada: no &lt;b&gt;',
    ]);
  });

  test('keeps late ticks and opens the boxes of those that were carried out.', () => {
    const body = '- [ ] <!-- open:millwright/a/1 --> x\n- [ ] <!-- open:millwright/a/2 --> y';
    const ticked = tickAll(body);
    expect(tickedOrders(ticked)).toHaveLength(2);
    expect(withoutTicks(ticked)).toBe(body);
    const late = tickedOrders(ticked).slice(1);
    expect(readOrders(withTicks(body, late)).open).toEqual(['millwright/a/2']);
  });
});
