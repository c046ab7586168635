import { describe, expect, test } from 'vitest';
import type { GateFacts } from '../../../src/feedback/gate/gate-facts.ts';
import { planGate } from '../../../src/feedback/gate/plan-gate.ts';
import { patchFields, route, solver } from '../feedback-records.ts';
import { archive, gateFacts, now, pairs, run, stage, tries } from './gate-cases.ts';

const routing = (domain: string | null, more: Partial<GateFacts> = {}) =>
  gateFacts({ patch: patchFields('p-1', [route(domain, 'gpt-5')]), ...more });
const settings = (more: Partial<GateFacts['settings']>) => ({ ...gateFacts().settings, ...more });
const tasks = (count: number, more = {}) => ({ tasks: archive(count, more), meanCost: 0.1 });

/** The plan in a word or two. */
function told(facts: GateFacts): string {
  const step = planGate(facts);
  switch (step.step) {
    case 'look':
      return 'look';
    case 'begin':
      return `begin ${step.stage.stage}: ${step.stage.tasks.length} x ${step.stage.arms.join('+')} x ${step.stage.attempts}`;
    case 'wait':
      return `wait: ${step.done} of ${step.of}`;
    case 'conclude':
      return `${step.figures.verdict}: ${step.figures.reason}`;
  }
}

const full = tries(...Array<string>(17).fill('nnn'), 'nyn', 'nny', 'nyy');
const little = tries(...Array<string>(19).fill('nnn'), 'nyn');

describe('the plan of a test', () => {
  test.each<[string, GateFacts, string]>([
    ['looks at the archive before anything', gateFacts({ archive: undefined }), 'look'],
    ['begins with headroom for words', gateFacts(), 'begin headroom: 20 x old x 3'],
    ['leaves headroom out for routes', routing(null), 'begin gate: 60 x old+new x 1'],
    [
      'leaves it out when told to',
      gateFacts({ settings: settings({ headroom_tasks: 0 }) }),
      'begin gate: 60 x old+new x 1',
    ],
    [
      'waits for the tries',
      gateFacts({ stages: { headroom: stage(true, 60) }, runs: tries('ny') }),
      'wait: 2 of 60',
    ],
    [
      'goes on to the gate where three tries help',
      gateFacts({ stages: { headroom: stage(false) }, runs: full }),
      'begin gate: 60 x old+new x 1',
    ],
    [
      'needs the archive for that, too',
      gateFacts({ stages: { headroom: stage(false) }, runs: full, archive: undefined }),
      'look',
    ],
    [
      'ends where they do not',
      gateFacts({ stages: { headroom: stage(false) }, runs: little }),
      'no_headroom: no headroom: on 20 tasks the persona as it is solves 0.0 % at the first try and 5.0 % in three, less than 10 points more',
    ],
    [
      'goes on when no task came to three results',
      gateFacts({ stages: { headroom: stage(false) }, runs: tries('eyn', 'nne') }),
      'begin gate: 60 x old+new x 1',
    ],
    [
      'takes more tasks when told to',
      routing(null, { settings: settings({ tasks: 75 }) }),
      'begin gate: 75 x old+new x 1',
    ],
    [
      'never makes more slots than an item holds',
      routing(null, { settings: settings({ tasks: 9_000, per_test_usd: 100 }), archive: tasks(3_000) }),
      'begin gate: 500 x old+new x 1',
    ],
    [
      'waits for pairs',
      routing(null, { stages: { gate: stage(true) }, runs: pairs(1, 2, 3, 4) }),
      'wait: 20 of 120',
    ],
    [
      'waits while the last folds',
      routing(null, { stages: { gate: stage(true, 120, 71.9) } }),
      'wait: 0 of 120',
    ],
  ])('%s.', (_what, facts, wanted) => {
    expect(told(facts)).toBe(wanted);
  });

  test.each<[string, GateFacts, string]>([
    [
      'too few tasks',
      gateFacts({ archive: tasks(100) }),
      'it takes 60 archived tasks to test on, and the history holds 33 of them',
    ],
    [
      'too few in the domain of the route',
      routing('a/b', {
        archive: { tasks: [...archive(400), ...archive(3, { domain: 'a/b' })], meanCost: 0 },
      }),
      'it takes 60 archived tasks in a/b to test on, and the history holds 2 of them',
    ],
    [
      'no command that judges',
      gateFacts({ settings: settings({ smoke: undefined }) }),
      '148 of 148 archived tasks have no command that judges a replay; gate.smoke in millwright.yaml sets one for all',
    ],
    [
      'a price above the limit',
      gateFacts({ settings: settings({ per_test_usd: 17.9 }) }),
      'its replays would cost about $18.00, and gate.per_test_usd allows $17.90',
    ],
    [
      'another version of the persona',
      gateFacts({ persona: { ...solver.persona, version: '1.0.1' } }),
      'the persona is at 1.0.1 by now, and the patch was made for 1.0.0',
    ],
    ['a persona that is gone', gateFacts({ persona: undefined }), 'the persona cannot be read'],
    ['what its own tasks suggested', gateFacts({ notApart: 'they are not apart' }), 'they are not apart'],
    [
      'a persona that was edited meanwhile',
      gateFacts({ edited: true, stages: { gate: stage(true) } }),
      'somebody has changed the persona while its replays were under way',
    ],
    [
      'replays that take too long',
      gateFacts({ stages: { gate: stage(true, 120, 72) }, runs: pairs(10, 0, 5, 0) }),
      '30 of 120 replays were done in 72 h',
    ],
    [
      'tries that take too long',
      gateFacts({ stages: { headroom: stage(true, 60, 80) } }),
      '0 of 60 replays were done in 72 h',
    ],
    [
      'replays that cost too much',
      gateFacts({
        settings: settings({ per_test_usd: 4 }),
        stages: { gate: stage(true) },
        runs: pairs(10, 0, 5, 0),
      }),
      '30 of 120 replays were done for $4.50, and gate.per_test_usd allows $4.00',
    ],
    [
      'replays that somebody has cancelled',
      gateFacts({ stages: { gate: stage(true, 120, 1, 'too dear') } }),
      'its replays were cancelled: too dear',
    ],
    [
      'the same when they have left the queue',
      gateFacts({ stages: { headroom: stage(false, 60, 1, 'too dear') } }),
      'its replays were cancelled: too dear',
    ],
    [
      'nothing but faults',
      gateFacts({
        stages: { gate: stage(false) },
        runs: pairs(0, 9, 0, 0).map((one) => ({ ...one, outcome: 'error' })),
      }),
      'no task came to a result on both sides',
    ],
    [
      'one side only',
      gateFacts({ stages: { gate: stage(false) }, runs: [run({}), run({ task_id: 'x', arm: 'new' })] }),
      'no task came to a result on both sides',
    ],
  ])('ends untested for %s.', (_what, facts, reason) => {
    expect(told(facts)).toBe(`not_tested: ${reason}`);
  });

  test('takes a command from the task, else from the settings of all work.', () => {
    const none = { settings: settings({ smoke: undefined }) };
    const own = planGate(routing(null, { ...none, archive: tasks(400, { smoke: 'own' }), smoke: 'work' }));
    const works = planGate(routing(null, { ...none, smoke: 'work' }));
    const smokes = [own, works].map((step) => step.step === 'begin' && step.stage.tasks[0]?.smoke);
    expect(smokes).toEqual(['own', 'work']);
  });

  test('counts what the first stage has cost against the limit of both.', () => {
    const runs = full.map((one) => ({ ...one, cost_usd: 0.7 }));
    const facts = gateFacts({ stages: { headroom: stage(false) }, runs });
    expect(told(facts)).toContain('its replays would cost about $54.00');
  });

  test('prices a route by what the patch itself says of its models.', () => {
    const patch = patchFields('p-1', [route(null, 'gpt-5')]);
    const predicted_effect = { ...patch.predicted_effect, cost_per_run_before: 0.1, cost_per_run_after: 0.9 };
    expect(told(gateFacts({ patch: { ...patch, predicted_effect } }))).toContain('about $60.00');
  });

  test('is the same however often it is asked, and whatever the order of the results.', () => {
    const runs = pairs(14, 3, 20, 23);
    const facts = gateFacts({ stages: { gate: stage(false) }, runs, now });
    expect(planGate({ ...facts, runs: runs.toReversed() })).toEqual(planGate(facts));
  });
});

describe('the verdict', () => {
  const verdict = (runs: GateFacts['runs']) => {
    const step = planGate(gateFacts({ stages: { gate: stage(false) }, runs }));
    return step.step === 'conclude' ? step.figures : undefined;
  };

  test.each<[number, number, number, number, string]>([
    [14, 3, 20, 23, 'improved'],
    [3, 14, 20, 23, 'worse'],
    [5, 4, 30, 21, 'no_evidence'],
    [0, 0, 60, 0, 'no_evidence'],
    [4, 0, 40, 16, 'improved'],
    [3, 0, 40, 17, 'no_evidence'],
    [20, 0, 20, 19, 'no_evidence'],
    [0, 20, 20, 19, 'no_evidence'],
  ])(
    'of %i won, %i lost, %i by both, %i by neither is %s on the last count.',
    (w, l, both, neither, wanted) => {
      expect(verdict(pairs(w, l, both, neither))?.verdict).toBe(wanted);
    },
  );

  test('carries its figures: p by hand, the interval, the cost, both stages.', () => {
    const found = verdict([...full, ...pairs(14, 3, 20, 23)]);
    // Sum over i >= 14 of C(17, i), over 2^17: 680 + 136 + 17 + 1 of 131072.
    expect(found?.p_value).toBeCloseTo(834 / 131_072, 12);
    expect(found).toMatchObject({ pairs: 60, wins: 14, losses: 3, runs: 180, cost_usd: null });
    expect(found?.difference).toBeCloseTo(11 / 60, 12);
    expect(found?.headroom).toEqual({ tasks: 20, pass_at_1: 0, best_of_3: 3 / 20 });
    expect(found?.extra).toEqual({ accepted_old: 23, accepted_new: 34, estimated_cost_usd: 24 });
  });

  test('has a cost only when every replay that counts told its own.', () => {
    expect(verdict(pairs(14, 3, 20, 23))?.cost_usd).toBeCloseTo(18, 9);
    expect(verdict([...pairs(14, 3, 20, 23), run({ task_id: 'x', outcome: 'error' })])?.cost_usd).toBeCloseTo(
      18,
      9,
    );
    expect(verdict([...pairs(14, 3, 20, 23), run({ task_id: 'x' })])?.cost_usd).toBeNull();
  });

  test('says that too few pairs show nothing.', () => {
    expect(verdict(pairs(20, 0, 20, 19))?.reason).toContain('fewer than 60 pairs show nothing');
  });
});
