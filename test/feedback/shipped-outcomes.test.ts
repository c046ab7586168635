import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeAnalysis } from '../../src/cli/analyze.ts';
import type { Analysis } from '../../src/feedback/analyse.ts';
import type { EffectEntry } from '../../src/feedback/feedback-state.ts';
import { planPatches } from '../../src/feedback/plan-patch.ts';
import { computeAnalysis, runAnalysis } from '../../src/feedback/run-analysis.ts';
import type { Workshop } from '../forge/workshop.ts';
import { exactProbability, toNumber } from './statistics/exact-binomial.ts';
import { pairsOf, shipped, sweBenchShop } from './swe-bench.ts';

let shop: Workshop;
let analysis: Analysis;
beforeAll(async () => {
  shop = await sweBenchShop();
  analysis = await shop.run(computeAnalysis);
});
afterAll(() => shop[Symbol.asyncDispose]());

const findingOf = (part: string) => {
  const found = analysis.findings.filter(({ title }) => title.includes(part));
  expect(found).toHaveLength(1);
  return found[0]?.evidence[0];
};

/** P(X >= wins) of a fair coin, in whole numbers. */
function exactSign(wins: number, losses: number): number {
  return toNumber(exactProbability(wins, wins + losses, wins + losses, 0.5));
}

describe('the 2,000 shipped outcomes', () => {
  test.each([
    ['gpt-5', 325, 140.19],
    ['gpt-5-mini', 299, 17.74],
    ['sonnet-4', 324, 185.73],
    ['sonnet-4-5', 353, 279.17],
  ])('say of %s what their README says: %d of 500 resolved for %d USD.', (model, resolved, cost) => {
    const groups = analysis.figures.groups.filter((group) => group.model === model);
    const sum = (field: 'n' | 'accepted' | 'cost_usd') =>
      groups.reduce((total, group) => total + (group[field] ?? Number.NaN), 0);
    expect([sum('n'), sum('accepted'), sum('cost_usd').toFixed(2)]).toEqual([500, resolved, cost.toFixed(2)]);
    const plain = shipped.filter((line) => line.model === model);
    expect(plain.filter((line) => line.resolved)).toHaveLength(resolved);
  });

  test('are grouped as a plain count groups them, with the ids of all that failed.', () => {
    const repos = new Set(shipped.map(({ repo }) => repo));
    expect(analysis.figures.outcomes).toBe(2_000);
    expect(analysis.figures.groups).toHaveLength(4 * repos.size);
    for (const group of analysis.figures.groups) {
      const lines = shipped.filter(({ model, repo }) => model === group.model && repo === group.domain);
      const accepted = lines.filter(({ resolved }) => resolved).length;
      expect(group).toMatchObject({
        persona_id: 'solver',
        persona_version: '1.0.0',
        n: lines.length,
        accepted,
      });
      expect(new Set(group.failed).size).toBe(Math.min(100, lines.length - accepted));
    }
  });

  test('are paired as a plain count pairs them, in all twelve directions and every repository.', () => {
    expect(analysis.figures.pairs.length).toBeGreaterThan(100);
    for (const row of analysis.figures.pairs) {
      const { pairs, wins, losses } = row;
      expect({ pairs, wins, losses }).toEqual(
        pairsOf(row.candidate, row.other, (repo) => repo === row.domain),
      );
      expect(new Set(row.record_ids).size).toBe(2 * (wins + losses));
    }
  });

  test.each([
    ['django/django', 33, 8, 'high'],
    ['matplotlib/matplotlib', 13, 2, 'medium'],
    ['sympy/sympy', 9, 2, 'medium'],
  ])('show that sonnet-4-5 is better in %s: %d to %d, with an exact p.', (repo, wins, losses, priority) => {
    const evidence = findingOf(`route ${repo} to sonnet-4-5 (more accepted)`);
    expect(evidence).toMatchObject({ domain: repo, wins, losses });
    expect(pairsOf('sonnet-4-5', 'gpt-5-mini', (one) => one === repo)).toMatchObject({ wins, losses });
    expect(evidence?.p_value).toBeCloseTo(exactSign(wins, losses), 14);
    expect(analysis.findings.find(({ evidence: [own] }) => own === evidence)?.priority).toBe(priority);
  });

  test('show that sonnet-4-5 is better in what is left, with 24 to 13 on 160 pairs.', () => {
    const evidence = findingOf('route everything else to sonnet-4-5');
    const settled = ['django/django', 'matplotlib/matplotlib', 'sympy/sympy'];
    const rest = pairsOf('sonnet-4-5', 'gpt-5-mini', (repo) => !settled.includes(repo));
    expect(rest).toEqual({ pairs: 160, wins: 24, losses: 13 });
    expect(evidence).toMatchObject({ domain: null, wins: 24, losses: 13 });
    expect(evidence?.p_value).toBeCloseTo(exactSign(24, 13), 14);
  });

  test('adjust their p values over just the comparisons that were made.', () => {
    const repos = [...new Set(shipped.map(({ repo }) => repo))];
    const others = ['gpt-5', 'sonnet-4', 'sonnet-4-5'];
    const tests = repos.flatMap((repo) =>
      others.map((model) => ({ repo, model, ...pairsOf(model, 'gpt-5-mini', (one) => one === repo) })),
    );
    const judged = tests.filter(({ pairs }) => pairs >= 30);
    const sorted = judged.map(({ wins, losses }) => exactSign(wins, losses)).sort((a, b) => a - b);
    // Benjamini and Hochberg by the book: the smallest of p(j) m / j over j >= i.
    const adjusted = (p: number) =>
      Math.min(...sorted.map((q, at) => (q >= p ? (q * sorted.length) / (at + 1) : 1)));
    for (const { repo, model, wins, losses } of judged) {
      const p = exactSign(wins, losses);
      const found = analysis.findings.some(({ title }) => title.includes(`route ${repo} to ${model} (more`));
      const best = model === 'sonnet-4-5';
      expect(found, `${repo} ${model}`).toBe(adjusted(p) <= 0.1 && best);
    }
    expect(findingOf('route sympy/sympy')?.p_adjusted).toBeCloseTo(adjusted(exactSign(9, 2)), 12);
  });

  test('show one weak group, 14 of 34, against the pooled rate of all 2,000.', () => {
    const evidence = findingOf('gpt-5-mini in matplotlib/matplotlib: 14 of 34 accepted');
    const accepted = shipped.filter(({ resolved }) => resolved).length;
    expect(evidence?.arms).toEqual([expect.objectContaining({ n: 34, accepted: 14 })]);
    expect(evidence?.record_ids).toHaveLength(20);
    expect(evidence?.p_value).toBeCloseTo(toNumber(exactProbability(0, 14, 34, accepted / 2_000)), 12);
  });

  test('give five findings and no more; each cites records, and each change can be made by code or says why not.', () => {
    expect(analysis.findings.map(({ type }) => type)).toEqual([
      'routing',
      'routing',
      'routing',
      'routing',
      'investigate',
    ]);
    for (const { evidence, deltas, text } of analysis.findings) {
      expect(evidence[0]?.record_ids.length).toBeGreaterThan(0);
      expect((deltas === undefined) !== (text === undefined)).toBe(true);
    }
  });

  test('are told in three lists: found, to watch, and not enough to say.', () => {
    const text = describeAnalysis(analysis);
    expect(text).toMatch(/^2000 outcomes from 2026-10-04 to 2026-11-01, 38 comparisons\n/);
    expect(text).toMatch(/\nFindings \(5\)\n.*\nWatch \(3\).*\nNot enough data \(35\)\n/s);
  });
});

describe('an analysis of the shipped outcomes', () => {
  test('is recorded once: the same data gives the same ids, and the second time adds nothing.', async () => {
    await using own = await sweBenchShop();
    const first = await own.run(runAnalysis);
    expect(first).toMatchObject({ added: 5, recorded: true });
    const records = await own.records('recommendation');
    const tip = await own.ledgerTip();
    expect(await own.run(runAnalysis)).toMatchObject({ added: 0, recorded: false });
    expect(await own.ledgerTip()).toBe(tip);
    expect(await own.records('analysis_run')).toHaveLength(1);
    await using other = await sweBenchShop();
    await other.run(runAnalysis);
    const there = await other.records('recommendation');
    expect(there.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
  });

  test('becomes one patch of three routes, and the fourth waits for its turn.', async () => {
    await using own = await sweBenchShop();
    const { findings, failures } = await own.pass();
    expect({ findings, failures }).toEqual({ findings: 5, failures: [] });
    const state = await own.state();
    expect(state.patches.map(({ deltas, component }) => ({ deltas, component }))).toEqual([
      {
        component: 'routing',
        deltas: ['django/django', 'matplotlib/matplotlib', 'sympy/sympy'].map((domain) => ({
          op: 'set_route',
          domain,
          model: 'sonnet-4-5',
        })),
      },
    ]);
    const runs = 231 + 34 + 75;
    expect(state.patches[0]?.predicted_effect).toMatchObject({
      baseline: (137 + 14 + 49) / runs,
      expected: (162 + 25 + 56) / runs,
      runs,
    });
    expect(planPatches(state).none).toEqual([
      { persona: 'solver', reason: `patch ${state.patches[0]?.id} is still open` },
    ]);
    const [branch = ''] = await own.branches();
    await own.folder.git('merge', '-q', '-m', 'Merge it', branch);
    await own.pass();
    const after = await own.state();
    expect(after.patches).toHaveLength(1);
    expect(planPatches(after).none).toEqual([
      { persona: 'solver', reason: `the effect of ${state.patches[0]?.id} is still measured` },
    ]);
    const promoted = { decision: 'promote' } as unknown as EffectEntry;
    const decided = { ...after, effects: new Map([[state.patches[0]?.id ?? '', promoted]]) };
    expect(planPatches(decided).patches.map(({ patch: { deltas } }) => deltas)).toEqual([
      [{ op: 'set_route', domain: null, model: 'sonnet-4-5' }],
    ]);
  });
});
