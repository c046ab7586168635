import { describe, expect, test } from 'vitest';
import { findWeakGroups, type OutcomeGroup } from '../../src/feedback/weak-groups.ts';
import { exactProbability, toNumber } from './statistics/exact-binomial.ts';

const options = { minGroup: 30, falseDiscoveryRate: 0.1 };

function group(accepted: number, n: number, more: Partial<OutcomeGroup> = {}): OutcomeGroup {
  return {
    persona_id: 'solver',
    persona_version: '1.0.0',
    model: 'm',
    domain: 'a/b',
    n,
    accepted,
    cost_usd: n,
    failed: ['r-1', 'r-2'],
    ...more,
  };
}

describe('a weak group', () => {
  test('is one that succeeds less often than its persona does, by an exact test.', () => {
    const groups = [group(20, 50), group(80, 100, { domain: 'c/d' })];
    const { findings, comparisons } = findWeakGroups(groups, options);
    expect(comparisons).toBe(2);
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(finding).toMatchObject({ type: 'investigate', persona: 'solver', priority: 'high' });
    expect(finding?.deltas).toBeUndefined();
    expect(finding?.title).toBe(
      "solver 1.0.0 with m in a/b: 20 of 50 accepted (40.0 %): below the persona's 66.7 %",
    );
    const exact = toNumber(exactProbability(0, 20, 50, 100 / 150));
    expect(finding?.evidence[0]?.p_value).toBeCloseTo(exact, 12);
    expect(finding?.evidence[0]?.p_adjusted).toBeCloseTo(2 * exact, 12);
  });

  test('is held against its own persona only.', () => {
    const groups = [group(20, 50), group(95, 100, { persona_id: 'other' })];
    expect(findWeakGroups(groups, options).findings).toEqual([]);
  });

  test('is not judged below the smallest group of the settings, and the list says so.', () => {
    const groups = [group(2, 29), group(80, 100, { domain: 'c/d' })];
    expect(findWeakGroups(groups, options)).toMatchObject({
      comparisons: 1,
      findings: [],
      notEnough: [{ title: 'solver 1.0.0 with m in a/b: 2 of 29 accepted (6.9 %)', n: 29, needed: 30 }],
    });
    expect(findWeakGroups([group(2, 30), group(80, 100, { domain: 'c/d' })], options).findings).toHaveLength(
      1,
    );
  });

  test('is named as far as it is known.', () => {
    const nobody = { persona_version: null, model: null, domain: null };
    const { findings } = findWeakGroups([group(5, 50, nobody), group(80, 100)], options);
    expect(findings[0]?.title).toMatch(/^solver with an unknown model: 5 of 50 accepted \(10\.0 %\)/);
    expect(findings[0]?.evidence[0]?.arms?.[0]?.arm).toBe('unknown model');
  });

  test.each([
    ['no groups at all', []],
    ['one group alone', [group(10, 100)]],
    ['groups that never succeed', [group(0, 50), group(0, 60, { domain: 'c/d' })]],
    ['groups that always succeed', [group(50, 50), group(60, 60, { domain: 'c/d' })]],
  ])('is not found among %s.', (_what, groups) => {
    expect(findWeakGroups(groups, options)).toMatchObject({ findings: [], watch: [] });
  });
});
