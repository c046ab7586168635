import { describe, expect, test } from 'vitest';
import type { Delta } from '../../src/contracts/delta.ts';
import { patch as patchKind } from '../../src/contracts/patch.ts';
import type { RecommendationEntry } from '../../src/feedback/feedback-state.ts';
import { planPatches } from '../../src/feedback/plan-patch.ts';
import type { ConsumedEntry } from '../../src/feedback/signals/read-signals.ts';
import { mustRead } from '../personas/shipped-personas.ts';
import { backend, decided, patched, recommended, route, solver, stateOf } from './feedback-records.ts';

const bullets = solver.persona.playbook.map(({ id }) => id);
const remove = (at: number, why = 'It misled more often than it helped.'): Delta => ({
  op: 'remove_bullet',
  id: bullets[at] ?? '',
  why,
});
const add = (id: string, text = 'Say what was not tested.'): Delta => ({
  op: 'add_bullet',
  id,
  section: 'Before finishing',
  text,
  evidence: [],
});

/** The deltas of the patch that is planned for the solver, or why there is none. */
function planned(...recommendations: RecommendationEntry[]) {
  const plan = planPatches(stateOf({ recommendations }));
  return plan.patches[0]?.patch.deltas ?? plan.none[0]?.reason ?? 'nothing';
}

describe('a research signal', () => {
  test('lifts what it is about over something that was more urgent.', () => {
    const low = recommended('r-1', [route('a')], { priority: 'low' });
    const medium = recommended('r-2', [add('say-it')], { priority: 'medium' });
    const signal = (id: string) =>
      ({ id, signal_id: id, ref: 'r-1', use: 'priority_raised' }) as unknown as ConsumedEntry;
    const first = (...consumed: ConsumedEntry[]) =>
      planPatches(stateOf({ recommendations: [low, medium] }), undefined, consumed).patches[0]?.patch
        .component;
    expect(first()).toBe('playbook');
    expect(first(signal('s-1'), signal('s-2'))).toBe('routing');
  });
});

describe('a patch', () => {
  test('carries a recommendation to the end: a valid record, one version further.', () => {
    const evidence = [
      {
        statement: 'Better.',
        record_ids: ['r-1'],
        arms: [
          { arm: 'gpt-5-mini', n: 100, accepted: 50, cost_usd: 10 },
          { arm: 'gpt-5', n: 100, accepted: 60, cost_usd: 20 },
        ],
      },
    ];
    const one = recommended('r-1', [route('a/b')], { evidence, rationale: 'It is so.' });
    const { patches, none } = planPatches(stateOf({ recommendations: [one] }));
    expect(none).toEqual([]);
    expect(patches).toHaveLength(1);
    expect(patches[0]?.patch).toEqual({
      persona_id: 'solver',
      from_version: '1.0.0',
      to_version: '1.1.0',
      component: 'routing',
      deltas: [route('a/b')],
      rationale: 'Do r-1\n\nIt is so.',
      evidence,
      recommendation_ids: ['r-1'],
      predicted_effect: expect.objectContaining({ baseline: 0.5, expected: 0.6, runs: 100 }),
      schema_valid: true,
    });
    expect(patchKind.fields.safeParse(patches[0]?.patch).success).toBe(true);
  });

  test('holds at most three deltas: what does not fit waits, and something smaller may take its place.', () => {
    const four = ['a', 'b', 'c', 'd'].map((domain, at) => recommended(`r-${at}`, [route(domain)]));
    expect(planned(...four)).toEqual(['a', 'b', 'c'].map((domain) => route(domain)));
    const pair = recommended('r-8', [route('x'), route('y')]);
    const other = recommended('r-9', [route('z'), route('w')]);
    expect(planned(pair, other, recommended('r-10', [route('v')]))).toEqual([
      route('x'),
      route('y'),
      route('v'),
    ]);
  });

  test('changes one component: that of the strongest recommendation.', () => {
    const routing = recommended('r-1', [route('a')]);
    const playbook = recommended('r-2', [remove(0)], {
      priority: 'high',
      recommendation_type: 'retire_bullet',
    });
    expect(planned(routing, playbook)).toEqual([remove(0)]);
    expect(planned(recommended('r-3', [route('a'), remove(0)]))).toBe(
      'its deltas touch more than one component',
    );
  });

  test('takes the strongest first: by priority, then by p.', () => {
    const at = (id: string, priority: RecommendationEntry['priority'], p_value?: number) =>
      recommended(id, [route(id)], {
        priority,
        evidence: [{ statement: 's', record_ids: [], ...(p_value === undefined ? {} : { p_value }) }],
      });
    const all = [
      at('r-1', 'low', 0.001),
      at('r-2', 'high', 0.04),
      at('r-3', 'high', 0.01),
      at('r-4', 'critical'),
    ];
    expect(planned(...all)).toEqual([route('r-4'), route('r-3'), route('r-2')]);
  });

  test('is one at a time for each persona, and each persona has its own.', () => {
    const recommendations = [
      recommended('r-1', [route('a')]),
      recommended('r-2', [route('b')]),
      recommended('r-3', [route('c')], { target_persona: 'backend' }),
    ];
    const patches = [patched('p-1', [route('a')], { recommendation_ids: ['r-1'] })];
    const plan = planPatches(stateOf({ recommendations, patches }));
    expect(plan.patches.map(({ patch }) => patch.persona_id)).toEqual(['backend']);
    expect(plan.none).toEqual([{ persona: 'solver', reason: 'patch p-1 is still open' }]);
    const only = planPatches(stateOf({ recommendations }), 'backend');
    expect(only.patches.map(({ patch }) => patch.persona_id)).toEqual(['backend']);
    const after = planPatches(stateOf({ recommendations, patches, decisions: [decided('p-1', 'applied')] }));
    expect(after.patches.map(({ patch }) => patch.deltas[0])).toEqual([route('b'), route('c')]);
  });

  test('leaves out what the persona has already.', () => {
    const deltas = [route('a'), route(null, solver.persona.routing.default), route('b')];
    expect(planned(recommended('r-1', deltas))).toEqual([route('a'), route('b')]);
  });

  test('names a route that equals the default when the same recommendation moves the default.', () => {
    const today = solver.persona.routing.default;
    const deltas = [route(null, 'gpt-5'), route('a/b', today)];
    expect(planned(recommended('r-1', deltas))).toEqual(deltas);
  });

  test('is not made of recommendations that contradict each other: the stronger one is carried alone.', () => {
    const ours = recommended('r-1', [route('a', 'one')], { priority: 'high' });
    const theirs = recommended('r-2', [route('a', 'two')], { recommendation_type: 'persona' });
    expect(planned(theirs, ours)).toEqual([route('a', 'one')]);
  });

  test('says the same change once.', () => {
    const twice = [
      recommended('r-1', [add('a-b')]),
      recommended('r-2', [add('a-b')], { recommendation_type: 'playbook' }),
    ];
    expect(planned(...twice)).toEqual([add('a-b')]);
    expect(planned(recommended('r-3', [route('a'), route('a')]))).toBe('it would make one change twice');
  });
});

describe('a recommendation that cannot be carried out', () => {
  test.each<[string, Delta[], string]>([
    [
      'updates a bullet that is not there',
      [{ op: 'update_bullet', id: 'nowhere', text: 't' }],
      'there is no bullet',
    ],
    ['adds a bullet under a name that is taken', [add(bullets[0] ?? '')], 'is there already'],
    [
      'sets a tier that does not exist',
      [{ op: 'set_field', field: 'tier', value: 'huge' }],
      'tier: expected',
    ],
    ['routes a domain that no file can hold', [route('__proto__')], 'would not hold afterwards'],
  ])('says why when it %s, and does not block a weaker one.', (_what, deltas, why) => {
    const bad = recommended('r-1', deltas, { priority: 'critical' });
    expect(planned(bad)).toContain(why);
    expect(planned(bad, recommended('r-2', [route('a')], { priority: 'low' }))).toEqual([route('a')]);
  });

  test('is refused by the collapse guard, which says why.', () => {
    const proven = mustRead('personas/solver.yaml', solver.text.replace('    helpful: 0', '    helpful: 3'));
    const plan = (why: string) =>
      planPatches(stateOf({ recommendations: [recommended('r-1', [remove(0, why)])], roster: [proven] }));
    expect(plan('old').none).toEqual([
      {
        persona: 'solver',
        reason: `the patch was refused: bullet ${bullets[0]} has helped 3 times and the patch does not say why it should go`,
      },
    ]);
    expect(plan('the runner does this by itself now').patches).toHaveLength(1);
  });

  test('takes no harm from figures that add up to nothing, or words without end.', () => {
    const arms = [
      { arm: 'old', n: 1, accepted: 7, cost_usd: 1e308 },
      { arm: 'new', n: 0, accepted: 0, cost_usd: 1e308 },
    ];
    const odd = recommended('r-1', [route('a')], {
      evidence: [{ statement: 's', record_ids: [], arms }],
      rationale: 'x'.repeat(100_000),
    });
    const { patches } = planPatches(stateOf({ recommendations: [odd, recommended('r-2', [route('b')])] }));
    expect(patchKind.fields.safeParse(patches[0]?.patch).success).toBe(true);
    expect(patches[0]?.patch.predicted_effect.baseline).toBeNull();
  });

  test('says so when its costs are beyond numbers, and does not stop the others.', () => {
    const arm = { n: 1, accepted: 1, cost_usd: 1e308 };
    const arms = [
      { arm: 'old', ...arm },
      { arm: 'new', ...arm },
    ];
    const evidence = [1, 2].map(() => ({ statement: 's', record_ids: [], arms }));
    const odd = recommended('r-1', [route('a')], { evidence, priority: 'high' });
    expect(planned(odd)).toContain('the patch would break its schema: predicted_effect.cost_per_run_before');
    expect(planned(odd, recommended('r-2', [route('b')]))).toEqual([route('b')]);
  });
});

describe('what a person has refused', () => {
  const refusedBy = (deltas: Delta[], more: RecommendationEntry[]) =>
    planPatches(
      stateOf({
        recommendations: [recommended('r-1', deltas), ...more],
        patches: [patched('p-1', deltas, { recommendation_ids: ['r-1'] })],
        decisions: [decided('p-1', 'rejected')],
      }),
    );

  test('is not offered again, whatever new evidence turns up.', () => {
    const again = recommended('r-2', [route('a')], { evidence: [{ statement: 'More.', record_ids: ['x'] }] });
    expect(refusedBy([route('a')], [again])).toEqual({ patches: [], none: [] });
    const votes = recommended('r-3', [remove(0, 'It misled 30 times and helped 2 times (p < 0.0001).')]);
    expect(refusedBy([remove(0)], [votes])).toEqual({ patches: [], none: [] });
    const cited: Delta = { op: 'add_bullet', id: 'a-b', section: 'S', text: 'T', evidence: ['r-9'] };
    expect(refusedBy([{ ...cited, evidence: [] }], [recommended('r-4', [cited])])).toEqual({
      patches: [],
      none: [],
    });
  });

  test('is not offered again in other company or another order, and does not block the rest.', () => {
    const plan = refusedBy(
      [route('a'), route('b'), route('c')],
      [
        recommended('r-2', [route('c')]),
        recommended('r-3', [route('b'), route('d')]),
        recommended('r-4', [route('e')], { priority: 'low' }),
      ],
    );
    expect(plan.patches.map(({ patch }) => patch.deltas)).toEqual([[route('e')]]);
  });

  test('may be offered with another content, or to another persona.', () => {
    const plan = refusedBy(
      [route('a')],
      [
        recommended('r-2', [route('a', 'gpt-6')]),
        recommended('r-3', [route('a')], { target_persona: 'backend' }),
      ],
    );
    expect(plan.patches.map(({ patch }) => [patch.persona_id, patch.deltas[0]])).toEqual([
      ['solver', route('a', 'gpt-6')],
      ['backend', route('a')],
    ]);
  });
});

test('a persona that nobody recommends anything for gets no patch and no word.', () => {
  expect(planPatches(stateOf({}))).toEqual({ patches: [], none: [] });
  expect(planPatches(stateOf({ recommendations: [recommended('r-1', undefined)] }))).toEqual({
    patches: [],
    none: [],
  });
  expect(backend.persona.id).toBe('backend');
});
