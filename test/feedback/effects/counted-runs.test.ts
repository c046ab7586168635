import { describe, expect, test } from 'vitest';
import { armOfRun } from '../../../src/feedback/effects/arm-of-run.ts';
import { listEffects } from '../../../src/feedback/effects/list-effects.ts';
import { type EffectsShop, effectsShop, harmful, mergedShop } from './effects-shop.ts';

const DAY_MS = 86_400_000;
const effectOf = async (shop: EffectsShop) => (await shop.run(listEffects)).patches[0];
/** So many runs of each version: all good under the old one, all bad under the new one, unless they say otherwise. */
const against = (count: number, more: Readonly<Record<string, unknown>> = {}) =>
  Array.from({ length: 2 * count }, (_, n) => ({
    persona_version: n % 2 === 0 ? '1.0.0' : '1.1.0',
    outcome: n % 2 === 0 ? 'accepted' : 'failed',
    ...more,
  }));
const routes = ['django/django', 'matplotlib/matplotlib', 'sympy/sympy'].map((domain) => ({
  op: 'set_route',
  domain,
  model: 'gpt-5',
}));

describe('a patch of routes', () => {
  test('is not judged by work that it routes as before, and says what it is judged by.', async () => {
    await using shop = await mergedShop({ deltas: routes });
    await shop.record(against(60, { domain: 'zzz/untouched' }));
    await shop.record(against(5, { domain: undefined }));
    await shop.measure();
    expect(await shop.decisions()).toEqual([]);
    expect(await effectOf(shop)).toMatchObject({
      state: 'measuring',
      control_runs: 0,
      treatment_runs: 0,
      runs_counted: 'in 3 domains',
      scope: { runs: 'only', domains: ['django/django', 'matplotlib/matplotlib', 'sympy/sympy'] },
    });
    await shop.record(against(30, { domain: 'sympy/sympy' }));
    await shop.measure();
    const [decision] = await shop.decisions();
    expect(decision).toMatchObject({
      decision: 'roll_back',
      control_runs: 30,
      treatment_runs: 30,
      reason: expect.stringContaining('(100.0 %), in 3 domains; evidence'),
      extra: { runs: 'in 3 domains', scope: expect.stringContaining('"sympy/sympy"') },
    });
    expect(await effectOf(shop)).toMatchObject({ runs_counted: 'in 3 domains', scope: { runs: 'only' } });
  });

  test('of the default is judged by work without a route of its own, also that without a domain.', async () => {
    const persona = 'personas/solver.yaml';
    await using shop = await effectsShop();
    await shop.edit(persona, (text) => text.replace('  domains: {}', '  domains:\n    c/d: gpt-4'));
    await shop.drop('recommendation', 'route-all', {
      recommendation_type: 'routing',
      target_persona: 'solver',
      priority: 'high',
      title: 'route everything else to gpt-5',
      evidence: [{ statement: 'It was seen to work better.' }],
      suggested_change: { deltas: [{ op: 'set_route', domain: null, model: 'gpt-5' }] },
    });
    await shop.measure();
    const [branch = ''] = await shop.branches();
    await shop.folder.git('merge', '-q', '--no-ff', '-m', 'Merge it', branch);
    await shop.measure();
    await shop.record(against(40, { domain: 'c/d' }));
    await shop.record([...against(3), ...against(2, { domain: undefined })]);
    expect(await effectOf(shop)).toMatchObject({
      control_runs: 5,
      treatment_runs: 5,
      runs_counted: 'outside c/d',
    });
  });

  test('is held against the past of the same work, and by how often that comes up.', async () => {
    await using shop = await effectsShop();
    // Much work elsewhere, all good; little in a/b, all bad.
    await shop.record(against(30, { domain: 'zzz/untouched', outcome: 'accepted' }));
    await shop.record(against(5, { outcome: 'failed' }));
    await shop.drop('patch', 'route-a', {
      persona_id: 'solver',
      from_version: '1.0.0',
      to_version: '1.1.0',
      component: 'routing',
      deltas: [{ op: 'set_route', domain: 'a/b', model: 'gpt-5' }],
      rationale: 'It was seen to work better.',
      predicted_effect: {
        metric: 'acceptance_rate',
        baseline: null,
        expected: null,
        runs: 0,
        measured_by: 'x',
      },
      schema_valid: true,
    });
    await shop.measure();
    const [branch = ''] = await shop.branches();
    await shop.folder.git('merge', '-q', '--no-ff', '-m', 'Merge it', branch);
    await shop.measure();
    await shop.record(against(40, { domain: 'zzz/untouched' }));
    await shop.record(against(5));
    // Ten runs of a/b in a fortnight before and after: too few to split, and no worse than they were.
    expect(await effectOf(shop)).toMatchObject({
      method: 'fixed_history',
      state: 'measuring',
      treatment_runs: 5,
    });
    expect((await effectOf(shop))?.evidence_harm).toBeLessThan(2);
  });
});

describe('a run', () => {
  test('that happened before the merge does not count, whenever it is imported.', async () => {
    await using shop = await mergedShop();
    const { decided_at: merged = '' } =
      (await shop.records<{ decided_at: string }>('patch_decision'))[0] ?? {};
    const before = new Date(new Date(merged).getTime() - 30 * DAY_MS).toISOString();
    await shop.record(against(60, { emitted_at: before }));
    await shop.measure();
    expect(await shop.decisions()).toEqual([]);
    expect(await effectOf(shop)).toMatchObject({ control_runs: 0, treatment_runs: 0 });
    await shop.record([
      ...against(1, { emitted_at: new Date(new Date(merged).getTime() - 1).toISOString() }),
      ...against(2, { emitted_at: merged }),
      ...against(3),
    ]);
    expect(await effectOf(shop)).toMatchObject({ control_runs: 5, treatment_runs: 5 });
  });

  test('of a slot counts only under the version that was drawn for it, while runs are split.', async () => {
    await using shop = await mergedShop();
    const [patch] = await shop.patches();
    const slots = Array.from({ length: 120 }, (_, n) => `s-${n}`);
    // A clone that knows nothing of the merge: the old version for all of them.
    await shop.record(slots.map((slot) => ({ persona_version: '1.0.0', extra: { slot_id: slot } })));
    const drawn = slots.filter((slot) => armOfRun(patch?.id ?? '', slot) === 'control').length;
    expect(await effectOf(shop)).toMatchObject({ control_runs: drawn, treatment_runs: 0 });
    expect(drawn).toBeLessThan(80);
    await shop.edit('millwright.yaml', () => 'effects:\n  split: false\n');
    expect(await effectOf(shop)).toMatchObject({ control_runs: 120, treatment_runs: 0 });
  });

  test('of the split itself counts, whatever its version.', async () => {
    await using shop = await mergedShop();
    await shop.work(40, harmful);
    const effect = await effectOf(shop);
    expect((effect?.control_runs ?? 0) + (effect?.treatment_runs ?? 0)).toBe(40);
  });
});
