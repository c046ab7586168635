import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Split, splitOf } from '../../src/feedback/gate/split-of.ts';
import { type OutcomeFigures, readOutcomes } from '../../src/feedback/read-outcomes.ts';
import { historyFolder, outcomeLine, segment } from '../history/history-folder.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The figures of a history that holds just these outcomes. */
async function figuresOf(
  outcomes: readonly Fields[],
  windowDays = 28,
  split?: Split,
): Promise<OutcomeFigures> {
  const text = outcomes
    .map((fields, at) =>
      outcomeLine(`r-${String(at).padStart(3, '0')}`, { persona_id: 'solver', model: 'm', ...fields }),
    )
    .join('');
  await using history = await historyFolder(text === '' ? {} : { [segment(1)]: text });
  const { connection, bad, close } = await history.open();
  expect(bad).toEqual([]);
  try {
    return await readOutcomes(connection, windowDays, split);
  } finally {
    close();
  }
}

const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T12:00:00.000Z`;

/** Two models at one piece of work. */
const pair = (key: string, first: string, second: string, more: Fields = {}): Fields[] => [
  { paired_key: key, model: 'old', outcome: first, ...more },
  { paired_key: key, model: 'new', outcome: second, ...more },
];

function rowOf({ pairs }: OutcomeFigures, candidate = 'new') {
  return pairs.find((row) => row.candidate === candidate);
}

describe('the figures of a window', () => {
  test('are none when there is no outcome.', async () => {
    expect(await figuresOf([])).toEqual({
      from: null,
      to: null,
      outcomes: 0,
      groups: [],
      pairs: [],
      votes: [],
    });
  });

  test('leave out faults of the infrastructure: in groups, in pairs and in votes.', async () => {
    const votes = { bullets_helpful: ['b-1'], bullets_harmful: ['b-2'] };
    const figures = await figuresOf([
      { outcome: 'accepted', ...votes },
      { outcome: 'error', ...votes },
      ...pair('k-1', 'accepted', 'error'),
      ...pair('k-2', 'error', 'accepted'),
      ...pair('k-3', 'failed', 'accepted'),
    ]);
    expect(figures.outcomes).toBe(5);
    expect(rowOf(figures)).toMatchObject({ pairs: 1, wins: 1, losses: 0 });
    expect(figures.votes.map(({ bullet, helpful, harmful }) => [bullet, helpful, harmful])).toEqual([
      ['b-1', 1, 0],
      ['b-2', 0, 1],
    ]);
    const none = await figuresOf([{ outcome: 'error' }]);
    expect(none).toMatchObject({ outcomes: 0, groups: [] });
    expect(none.to).not.toBeNull();
  });

  test('count rejected and failed work alike, and outcomes of nobody for nobody.', async () => {
    const figures = await figuresOf([
      { outcome: 'accepted' },
      { outcome: 'rejected' },
      { outcome: 'failed' },
      { outcome: 'failed', persona_id: undefined },
    ]);
    expect(figures.groups).toEqual([
      expect.objectContaining({ n: 3, accepted: 1, failed: ['r-001', 'r-002'] }),
    ]);
  });

  test('end with the newest outcome and go back as many days as they are told.', async () => {
    const outcomes = [1, 10, 20].map((n) => ({ emitted_at: day(n) }));
    expect(await figuresOf(outcomes, 5)).toMatchObject({ from: day(15), to: day(20), outcomes: 1 });
    expect(await figuresOf(outcomes, 10)).toMatchObject({ from: day(10), outcomes: 2 });
    expect(await figuresOf(outcomes, 28)).toMatchObject({ outcomes: 3 });
  });

  test('are not emptied by one outcome that claims to come from the future.', async () => {
    const figures = await figuresOf([
      { emitted_at: day(19) },
      { emitted_at: day(20) },
      { emitted_at: '2099-01-01T00:00:00.000Z' },
    ]);
    expect(figures.outcomes).toBe(3);
    expect(figures.to).toBe('2026-11-21T03:20:50.114Z');
  });

  test('know a cost only where every attempt has told its own.', async () => {
    const all = await figuresOf([{ cost_usd: 1.5 }, { cost_usd: 0.25 }]);
    expect(all.groups[0]?.cost_usd).toBe(1.75);
    const some = await figuresOf([{ cost_usd: 1.5 }, {}]);
    expect(some.groups[0]?.cost_usd).toBeNull();
    const huge = await figuresOf([{ cost_usd: 1e308 }, { cost_usd: 1e308 }]);
    expect(huge.groups[0]?.cost_usd).toBeNull();
    const pairs = await figuresOf([
      ...pair('k-1', 'failed', 'failed', { cost_usd: 2 }),
      { paired_key: 'k-2', model: 'old', cost_usd: 2 },
      { paired_key: 'k-2', model: 'new' },
    ]);
    expect(rowOf(pairs)).toMatchObject({ pairs: 2, candidate_cost: null, other_cost: 4 });
  });
});

describe('paired attempts', () => {
  test('are told in both directions, with both records of every pair that differs.', async () => {
    const figures = await figuresOf([
      ...pair('k-1', 'failed', 'accepted'),
      ...pair('k-2', 'accepted', 'rejected'),
      ...pair('k-3', 'rejected', 'accepted'),
      ...pair('k-4', 'accepted', 'accepted'),
      ...pair('k-5', 'failed', 'failed'),
    ]);
    const shared = { persona_id: 'solver', domain: null, pairs: 5, candidate_cost: null, other_cost: null };
    expect(figures.pairs).toEqual([
      {
        ...shared,
        candidate: 'new',
        other: 'old',
        wins: 2,
        losses: 1,
        candidate_accepted: 3,
        other_accepted: 2,
        record_ids: ['r-001', 'r-000', 'r-003', 'r-002', 'r-005', 'r-004'],
      },
      {
        ...shared,
        candidate: 'old',
        other: 'new',
        wins: 1,
        losses: 2,
        candidate_accepted: 2,
        other_accepted: 3,
        record_ids: ['r-000', 'r-001', 'r-002', 'r-003', 'r-004', 'r-005'],
      },
    ]);
  });

  test('count the last attempt of a model, whichever line it stands on.', async () => {
    const figures = await figuresOf([
      { paired_key: 'k', model: 'new', outcome: 'accepted', emitted_at: day(9) },
      { paired_key: 'k', model: 'new', outcome: 'failed', emitted_at: day(3) },
      { paired_key: 'k', model: 'old', outcome: 'failed', emitted_at: day(4) },
      { paired_key: 'k', model: 'new', outcome: 'error', emitted_at: day(10) },
    ]);
    expect(rowOf(figures)).toMatchObject({ pairs: 1, wins: 1, losses: 0, record_ids: ['r-000', 'r-002'] });
  });

  test('count the last attempt by id where two have the same time.', async () => {
    const figures = await figuresOf([
      { paired_key: 'k', model: 'new', outcome: 'failed', emitted_at: day(9) },
      { paired_key: 'k', model: 'new', outcome: 'accepted', emitted_at: day(9) },
      { paired_key: 'k', model: 'old', outcome: 'failed', emitted_at: day(9) },
    ]);
    expect(rowOf(figures)).toMatchObject({ wins: 1, losses: 0 });
  });

  test('never join different personas, versions, domains or pieces of work.', async () => {
    const alone = async (difference: Fields) =>
      (
        await figuresOf([
          { paired_key: 'k', model: 'old' },
          { paired_key: 'k', model: 'new', ...difference },
        ])
      ).pairs;
    expect(await alone({})).toHaveLength(2);
    for (const difference of [
      { persona_id: 'other' },
      { persona_version: '1.0.0' },
      { domain: 'a/b' },
      { paired_key: 'other' },
      { paired_key: undefined },
      { model: 'old' },
      { model: undefined },
    ])
      expect(await alone(difference), JSON.stringify(difference)).toEqual([]);
  });
});

describe('votes on bullets', () => {
  test('are one a record, however often the record names the bullet.', async () => {
    const figures = await figuresOf([
      { bullets_harmful: Array.from({ length: 20 }, () => 'b-1'), bullets_helpful: ['b-2', 'b-2'] },
      { bullets_harmful: ['b-1'], bullets_helpful: [] },
      { bullets_helpful: ['b-1'] },
      { bullets_helpful: ['b-1'], persona_id: undefined },
    ]);
    expect(figures.votes).toEqual([
      { persona_id: 'solver', bullet: 'b-1', helpful: 1, harmful: 2, record_ids: ['r-000', 'r-001'] },
      { persona_id: 'solver', bullet: 'b-2', helpful: 1, harmful: 0, record_ids: [] },
    ]);
  });
});

describe('one side of the split', () => {
  /** Whatever a name may be: any characters, but no blanks at its ends. */
  const name = fc
    .oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 12 }))
    .map((text) => `"${text}'\\u001f\\\u001f\u007f.`);
  const worked = fc.record({
    persona: fc.oneof(fc.constant('solver'), name),
    idea: name,
    key: fc.option(name),
  });

  test('is the same in the queries and in the code, whatever the names are.', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(worked, { minLength: 60, maxLength: 90 }), async (works) => {
        const outcomes = works.map(({ persona, idea, key }) => ({
          persona_id: persona,
          idea_id: idea,
          ...(key === null ? {} : { paired_key: key }),
          outcome: 'failed',
        }));
        for (const side of ['reflect', 'gate'] as const) {
          const { groups } = await figuresOf(outcomes, 28, side);
          const wanted = works.flatMap(({ persona, idea, key }, at) =>
            splitOf(persona, key ?? idea) === side ? [`r-${String(at).padStart(3, '0')}`] : [],
          );
          const seen = groups.flatMap(({ failed }) => failed);
          expect([...seen].sort((a, b) => (a < b ? -1 : 1))).toEqual(wanted);
        }
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  test('holds for groups, pairs and votes alike, and the window is that of all outcomes.', async () => {
    const keys = Array.from({ length: 30 }, (_, at) => `k-${at}`);
    const votes = { bullets_harmful: ['b-1'] };
    const outcomes = keys.flatMap((key) => pair(key, 'failed', 'accepted', votes));
    const kept = keys.filter((key) => splitOf('solver', key) === 'reflect');
    const ids = keys.flatMap((key, at) =>
      kept.includes(key) ? [2 * at, 2 * at + 1].map((n) => `r-${String(n).padStart(3, '0')}`) : [],
    );
    expect(kept.length).toBeGreaterThan(5);
    const [all, half] = [await figuresOf(outcomes), await figuresOf(outcomes, 28, 'reflect')];
    expect(half).toMatchObject({ from: all.from, to: all.to, outcomes: 2 * kept.length, split: 'reflect' });
    expect(all).not.toHaveProperty('split');
    expect(rowOf(half)).toMatchObject({ pairs: kept.length, wins: kept.length });
    expect(new Set(rowOf(half)?.record_ids)).toEqual(new Set(ids));
    expect(half.votes).toEqual([expect.objectContaining({ harmful: 2 * kept.length, record_ids: ids })]);
    expect(half.groups.reduce((sum, { n }) => sum + n, 0)).toBe(2 * kept.length);
  });
});
