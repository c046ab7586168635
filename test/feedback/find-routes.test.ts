import { describe, expect, test } from 'vitest';
import { findBetterRoutes, type PairedArms } from '../../src/feedback/better-routes.ts';
import { shippedPersona } from '../personas/shipped-personas.ts';

const solver = shippedPersona('solver').persona;
const options = { minGroup: 30, falseDiscoveryRate: 0.1 };

/** The solver routes to `old`, but for what `domains` say. */
const persona = (domains: Record<string, string> = {}) => ({
  ...solver,
  routing: { default: 'old', domains },
});

function row(wins: number, losses: number, more: Partial<PairedArms> = {}): PairedArms {
  const pairs = more.pairs ?? 100;
  return {
    persona_id: 'solver',
    domain: 'a/b',
    candidate: 'new',
    other: 'old',
    pairs,
    wins,
    losses,
    candidate_accepted: 50 + wins,
    other_accepted: 50 + losses,
    candidate_cost: pairs,
    other_cost: pairs,
    record_ids: ['r-1', 'r-2'],
    ...more,
  };
}

const routes = (rows: readonly PairedArms[], domains: Record<string, string> = {}) =>
  findBetterRoutes(persona(domains), rows, options);
const deltasOf = (rows: readonly PairedArms[], domains: Record<string, string> = {}) =>
  routes(rows, domains).findings.flatMap(({ deltas }) => deltas ?? []);
const to = (model: string, domain: string | null = 'a/b') => [{ op: 'set_route', domain, model }];

describe('a better model', () => {
  test('is found for its domain, with the test and the figures of both arms.', () => {
    const { findings, comparisons } = routes([row(20, 3)]);
    expect(comparisons).toBe(1);
    expect(findings).toEqual([
      expect.objectContaining({
        type: 'routing',
        persona: 'solver',
        priority: 'high',
        deltas: to('new'),
        evidence: [
          expect.objectContaining({
            domain: 'a/b',
            wins: 20,
            losses: 3,
            arms: [
              { arm: 'old', n: 100, accepted: 53, cost_usd: 100 },
              { arm: 'new', n: 100, accepted: 70, cost_usd: 100 },
            ],
          }),
        ],
      }),
    ]);
  });

  test('is held against the model that the persona uses now, and no other.', () => {
    expect(deltasOf([row(20, 3, { other: 'third' })])).toEqual([]);
    expect(deltasOf([row(20, 3, { other: 'third' })], { 'a/b': 'third' })).toEqual(to('new'));
    expect(deltasOf([row(20, 3)], { 'a/b': 'third' })).toEqual([]);
    expect(deltasOf([row(20, 3, { persona_id: 'other' })])).toEqual([]);
  });

  test('is not judged on fewer pairs than the settings ask for, and the list says so.', () => {
    const few = routes([row(20, 0, { pairs: 29 })]);
    expect(few).toMatchObject({ comparisons: 0, findings: [], watch: [] });
    expect(few.notEnough).toEqual([
      { title: 'solver: best model for a/b', n: 29, needed: 30 },
      { title: 'solver: best model for everything else', n: 29, needed: 30 },
    ]);
    expect(deltasOf([row(20, 0, { pairs: 30 })])).toEqual(to('new'));
  });

  test('is watched when it may be better, and left in peace when it is not.', () => {
    // 12 to 6: p = 0.119; with another comparison beside it, 13 to 6 (p = 0.084) is not enough.
    expect(routes([row(12, 6)])).toMatchObject({ findings: [], watch: [] });
    const beside = [row(13, 6), row(5, 5, { candidate: 'third' }), row(5, 5, { candidate: 'fourth' })];
    expect(routes(beside).findings).toEqual([]);
    expect(routes(beside).watch[0]?.title).toContain('new');
  });

  test('is the one that gains most; of two that gain the same, the cheaper one.', () => {
    const rows = [row(20, 3, { candidate: 'good' }), row(25, 3, { candidate: 'best' })];
    expect(deltasOf(rows)).toEqual(to('best'));
    const cheap = row(20, 3, { candidate: 'cheap', candidate_cost: 10 });
    expect(deltasOf([row(20, 3, { candidate: 'good' }), cheap])).toEqual(to('cheap'));
    const unknown = row(20, 3, { candidate: 'unknown', candidate_cost: null });
    expect(deltasOf([unknown, cheap])).toEqual(to('cheap'));
  });

  test('is looked for in everything else together, where single domains are too small to say.', () => {
    const small = ['a/b', 'c/d', 'e/f'].map((domain) => row(8, 1, { pairs: 20, domain }));
    const { findings, notEnough } = routes(small);
    expect(findings.flatMap(({ deltas }) => deltas)).toEqual(to('new', null));
    expect(findings[0]?.evidence[0]).toMatchObject({ wins: 24, losses: 3, domain: null });
    expect(findings[0]?.evidence[0]?.arms?.[1]).toEqual({ arm: 'new', n: 60, accepted: 174, cost_usd: 60 });
    expect(notEnough).toHaveLength(3);
  });

  test('does not count twice for everything else: domains that have or get a route are left out.', () => {
    const rows = [
      row(30, 3, { domain: 'found' }),
      row(30, 3, { domain: 'routed' }),
      row(5, 5, { domain: 'rest', pairs: 40 }),
    ];
    const { findings } = routes(rows, { routed: 'old' });
    expect(findings.flatMap(({ deltas }) => deltas)).toEqual([...to('new', 'found'), ...to('new', 'routed')]);
  });

  test('counts work without a domain for everything else.', () => {
    expect(deltasOf([row(20, 3, { domain: null })])).toEqual(to('new', null));
  });

  test.each(['__proto__', 'constructor', 'toString'])(
    'is found for a domain that is called %s.',
    (domain) => {
      expect(deltasOf([row(20, 3, { domain })])).toEqual(to('new', domain));
    },
  );
});

describe('a cheaper model', () => {
  const cheap = (wins: number, losses: number, more: Partial<PairedArms> = {}) =>
    row(wins, losses, { pairs: 200, candidate_cost: 40, other_cost: 100, ...more });

  test('is proposed, with low priority, when it is shown to be no worse.', () => {
    const { findings } = routes([cheap(4, 4)]);
    expect(findings).toEqual([
      expect.objectContaining({
        priority: 'low',
        title: 'solver: route a/b to new (cheaper, not worse)',
        deltas: to('new'),
      }),
    ]);
    expect(findings[0]?.evidence[0]?.test).toContain('interval above -5 points');
  });

  test.each<[string, PairedArms]>([
    ['it saves less than a fifth', cheap(4, 4, { candidate_cost: 81 })],
    ['its own cost is unknown', cheap(4, 4, { candidate_cost: null })],
    ['the cost of the present one is unknown', cheap(4, 4, { other_cost: null })],
    ['it was tried on fewer than 60 pairs', cheap(0, 0, { pairs: 59 })],
    ['it may lose more than five points', cheap(10, 14)],
    ['it loses more often than it wins by more than chance', cheap(0, 4)],
  ])('is not proposed when %s.', (_why, one) => {
    expect(deltasOf([one])).toEqual([]);
  });

  test('is proposed from a fifth of savings and 60 pairs on.', () => {
    expect(deltasOf([cheap(4, 4, { candidate_cost: 80 })])).toEqual(to('new'));
    expect(deltasOf([cheap(0, 0, { pairs: 60 })])).toEqual(to('new'));
  });

  test('gives way to a better one, and the cheapest of several is taken.', () => {
    const better = row(20, 3, { candidate: 'better', pairs: 200, candidate_cost: 300, other_cost: 100 });
    expect(deltasOf([cheap(4, 4), better])).toEqual(to('better'));
    expect(deltasOf([cheap(4, 4), cheap(4, 4, { candidate: 'cheapest', candidate_cost: 5 })])).toEqual(
      to('cheapest'),
    );
  });

  test('needs known costs in every domain to be proposed for everything else.', () => {
    const rows = (cost: number | null) => [
      cheap(2, 2, { pairs: 25, domain: 'a/b', candidate_cost: 5, other_cost: 50 }),
      cheap(2, 2, { pairs: 25, domain: 'c/d', candidate_cost: cost, other_cost: 50 }),
      cheap(0, 0, { pairs: 25, domain: 'e/f', candidate_cost: 5, other_cost: 50 }),
      cheap(0, 0, { pairs: 125, domain: 'g/h', candidate_cost: 300, other_cost: 305 }),
    ];
    expect(deltasOf(rows(5))).toEqual(to('new', null));
    expect(deltasOf(rows(null))).toEqual([]);
  });
});
