import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CompactionPlan,
  type CompactionRules,
  planCompaction,
  type SizedSegment,
} from '../../../src/ledger/compaction/plan-compaction.ts';

const rules: CompactionRules = { currentMonth: '2026-11', mostBytes: 100 };

/** Segments of one kind by month, as their sizes. */
function held(months: Readonly<Record<string, readonly number[]>>, kind = 'outcome'): SizedSegment[] {
  return Object.entries(months).flatMap(([month, sizes]) =>
    sizes.map((bytes, at) => {
      const path = `state/${kind}/${month}/${String(at + 1).padStart(4, '0')}.jsonl`;
      return { kind, month, number: at + 1, path, oid: `oid of ${path}, ${bytes} bytes`, bytes };
    }),
  );
}

/** What a plan does, as the sizes of each group. */
function groupsOf({ months }: CompactionPlan): Record<string, number[][]> {
  return Object.fromEntries(
    months.map(({ kind, month, groups }) => [
      `${kind} ${month}`,
      groups.map((group) => group.map(({ bytes }) => bytes)),
    ]),
  );
}

const planned = (segments: readonly SizedSegment[], more: Partial<CompactionRules> = {}) =>
  groupsOf(planCompaction(segments, { ...rules, ...more }));

describe('the segments of a closed month', () => {
  test.each([
    ['that fit into one become one', [30, 30, 40], [[30, 30, 40]]],
    ['fill a segment to the byte and not further', [60, 40, 1], [[60, 40], [1]]],
    ['keep their order, whatever would pack better', [60, 50, 40, 50], [[60], [50, 40], [50]]],
    ['that are too large by themselves stay alone', [10, 10, 500, 10, 10], [[10, 10], [500], [10, 10]]],
    ['that are empty vanish into the one before', [50, 0, 0], [[50, 0, 0]]],
    ['that are empty do not make a full one larger', [500, 0, 0], [[500], [0, 0]]],
  ])('%s.', (_what, sizes, groups) => {
    expect(planned(held({ '2026-01': sizes, '2026-02': [1] }))).toEqual({ 'outcome 2026-01': groups });
  });

  test.each([
    ['one segment', [50]],
    ['neighbours of which no two fit together', [60, 60, 60]],
    ['nothing but what is too large', [101, 200]],
  ])('are left as they are when there is %s.', (_what, sizes) => {
    expect(planned(held({ '2026-01': sizes, '2026-02': [1] }))).toEqual({});
  });
});

describe('a month is closed', () => {
  const small = [10, 10];

  test('when it lies before the current one.', () => {
    const months = { '2026-09': small, '2026-10': small, '2026-11': small, '2026-12': small };
    expect(Object.keys(planned(held(months)))).toEqual(['outcome 2026-09', 'outcome 2026-10']);
  });

  test('not when it is the newest of its kind: a clock that jumped ahead closes nothing.', () => {
    const segments = [
      ...held({ '2026-10': small, '2026-11': small }),
      ...held({ '2026-09': small, '2026-10': small }, 'pass'),
    ];
    expect(Object.keys(planned(segments, { currentMonth: '2031-01' }))).toEqual([
      'outcome 2026-10',
      'pass 2026-09',
    ]);
  });

  test('by a clock that was set back, only before what it shows.', () => {
    expect(planned(held({ '2026-10': small, '2026-11': small }), { currentMonth: '2026-10' })).toEqual({});
  });

  test('only before the month that was asked for, and never later than that for its asking.', () => {
    const months = held({ '2026-08': small, '2026-09': small, '2026-11': small, '2026-12': small });
    expect(Object.keys(planned(months, { before: '2026-09' }))).toEqual(['outcome 2026-08']);
    expect(Object.keys(planned(months, { before: '2027-01' }))).toEqual([
      'outcome 2026-08',
      'outcome 2026-09',
    ]);
  });
});

describe('the id of a plan', () => {
  const months = { '2026-09': [10, 10], '2026-10': [10, 10], '2026-11': [10] };
  const idOf = (segments: readonly SizedSegment[], more: Partial<CompactionRules> = {}) =>
    planCompaction(segments, { ...rules, ...more }).id;
  const id = idOf(held(months));

  test('is the same for the same segments, and what open months receive does not matter.', () => {
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(idOf(held(months), { currentMonth: '2026-12' })).toBe(id);
    expect(idOf(held({ ...months, '2026-11': [10, 10, 10] }))).toBe(id);
    expect(idOf([...held(months), ...held({ '2026-11': [10] }, 'pass')])).toBe(id);
  });

  test('is another as soon as it would do anything else.', () => {
    const others = [
      idOf(held({ ...months, '2026-10': [10, 11] })),
      idOf(held({ ...months, '2026-10': [10, 10, 10] })),
      idOf(held(months), { before: '2026-10' }),
      idOf(held({ ...months, '2026-12': [1] }), { currentMonth: '2026-10' }),
      idOf([...held(months), ...held({ '2026-10': [10, 10], '2026-11': [1] }, 'pass')]),
      idOf([]),
    ];
    expect(new Set([id, ...others]).size).toBe(others.length);
    expect(idOf(held({ ...months, '2026-10': [60, 60] }), { mostBytes: 120 })).not.toBe(
      idOf(held({ ...months, '2026-10': [60, 60] }), { mostBytes: 119 }),
    );
  });
});

describe('any plan', () => {
  const sizes = fc.array(fc.oneof(fc.nat(40), fc.nat(150)), { maxLength: 12 });
  const month = fc.constantFrom('2026-08', '2026-09', '2026-10', '2026-11', '2026-12');
  const history = fc.dictionary(month, sizes, { maxKeys: 4 }).map((months) => {
    const inOrder = Object.entries(months).sort(([a], [b]) => (a < b ? -1 : 1));
    return held(Object.fromEntries(inOrder));
  });
  const sum = (group: readonly SizedSegment[]) => group.reduce((total, { bytes }) => total + bytes, 0);

  test('keeps every segment in its place, fills what it merges, and stays within the limit.', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 200 }), (segments, mostBytes) => {
        for (const { month: name, groups } of planCompaction(segments, { ...rules, mostBytes }).months) {
          expect(groups.flat()).toEqual(segments.filter(({ month }) => month === name));
          expect(name < rules.currentMonth && segments.some((one) => one.month > name)).toBe(true);
          expect(groups.some((group) => group.length > 1)).toBe(true);
          for (const [at, group] of groups.entries()) {
            if (group.length > 1) expect(sum(group)).toBeLessThanOrEqual(mostBytes);
            const next = groups[at + 1]?.[0];
            if (next !== undefined) expect(sum(group) + next.bytes).toBeGreaterThan(mostBytes);
          }
        }
      }),
    );
  });

  test('leaves nothing to do once it is done, even where line ends were added.', () => {
    fc.assert(
      fc.property(history, fc.boolean(), (segments, addsLineEnds) => {
        const { months } = planCompaction(segments, rules);
        const merged = segments.flatMap((segment) => {
          const group = months.flatMap(({ groups }) => groups).find((one) => one.includes(segment));
          if (group === undefined) return [segment];
          const added = addsLineEnds && group.length > 1 ? group.length : 0;
          return group[0] === segment ? [{ ...segment, bytes: sum(group) + added }] : [];
        });
        expect(planCompaction(merged, rules).months).toEqual([]);
      }),
    );
  });
});
