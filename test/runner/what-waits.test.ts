import { describe, expect, test } from 'vitest';
import { type WaitFacts, whatWaits } from '../../src/runner/what-waits.ts';

const nothing: WaitFacts = {
  inbox: 0,
  rejected: 0,
  recommendations: {},
  proposals: [],
  forge_problem: null,
  bad_personas: [],
  dead: 0,
  signals: 0,
  model: { problem: null, findings: null, signals: null },
  alerts: [],
  schedules: [],
};
const failedLoop = {
  schedule: 'loop',
  problem: null,
  last: {
    due_at: '2026-11-15T02:00:00.000Z',
    state: 'failed' as const,
    attempt: 3,
    missed: 0,
    error: 'no disk',
  },
};
const proposal = (result: string) => ({ ...nothing, proposals: [{ proposal_id: 'millwright/x/1', result }] });

describe('what waits', () => {
  test('is nothing when nothing is there.', () => {
    expect(whatWaits(nothing)).toEqual([]);
  });

  test('does not name recommendations that are done with.', () => {
    const done = { applied: 3, rejected: 2, superseded: 1, proposed: 4 };
    expect(whatWaits({ ...nothing, recommendations: done })).toEqual([]);
  });

  test.each([
    [{ ...nothing, inbox: 2 }, '2 contracts in the inbox', 'a pass'],
    [{ ...nothing, rejected: 3 }, '3 rejected contracts', 'whoever dropped them'],
    [
      { ...nothing, recommendations: { waiting: 1 } },
      '1 recommendations without deltas',
      'a model, or a person',
    ],
    [
      { ...nothing, recommendations: { unexplained: 1 } },
      '1 recommendations that no model could explain',
      'a person',
    ],
    [{ ...nothing, signals: 4 }, '4 research signals that nobody has looked at', 'a model'],
    [{ ...nothing, alerts: ['p-1'] }, 'the merged patch p-1', 'a person'],
    [
      { ...nothing, schedules: [{ schedule: 'loop', problem: 'no cron expression', last: null }] },
      'the schedule of the loop',
      'a person',
    ],
    [{ ...nothing, schedules: [failedLoop] }, 'the schedule of the loop', 'a person'],
    [proposal('testing'), 'millwright/x/1', 'a worker'],
    [
      { ...nothing, recommendations: { 'no-persona': 1 } },
      '1 recommendations for a persona that cannot be read',
      'a person',
    ],
    [
      { ...nothing, recommendations: { pending: 1 } },
      '1 recommendations that no patch carries yet',
      'an open patch of the persona, or a pass',
    ],
    [{ ...nothing, bad_personas: ['personas/a.yaml'] }, 'personas/a.yaml', 'a person'],
    [{ ...nothing, dead: 2 }, '2 dead slots', 'a person'],
    [proposal('unchanged'), 'millwright/x/1', 'a reviewer'],
    [proposal('edited-by-human'), 'millwright/x/1', 'a reviewer'],
    [proposal('stuck'), 'millwright/x/1', 'a reviewer'],
    [proposal('capped'), 'millwright/x/1', 'a reviewer'],
    [proposal('closed-by-bot'), 'millwright/x/1', 'a person'],
    [proposal('orphaned'), 'millwright/x/1', 'a person'],
    [proposal('opened'), 'millwright/x/1', 'a pass'],
    [proposal('updated'), 'millwright/x/1', 'a pass'],
    [proposal('merged'), 'millwright/x/1', 'a pass'],
    [proposal('rejected'), 'millwright/x/1', 'a pass'],
  ])('of %j is one line that says for whom, why, and what to do.', (facts, what, who) => {
    const waits = whatWaits(facts);
    expect(waits).toMatchObject([{ what, who }]);
    for (const { why, hint } of waits) expect(`${why} ${hint}`).toMatch(/^\S.+ \S.+$/);
  });

  const named = { named: true, reason: 'llm.tiers.brain is a/x, and A_KEY is not set', hint: 'set A_KEY' };
  const held = { until: '2026-11-22T00:00:00.000Z', reason: 'the budget of the day is spent' };
  test.each([
    [{ ...nothing.model, problem: named }, /and A_KEY is not set.* set A_KEY/],
    [{ ...nothing.model, problem: { ...named, named: false } }, /takes judgement set A_KEY, then/],
    [{ ...nothing.model, signals: held }, /the budget of the day is spent .*after 2026-11-22T00:00:00\.000Z/],
    [{ ...nothing.model, findings: held }, /no model has answered yet millwright run --once/],
  ])('for a model says why it has not answered: %j.', (model, wanted) => {
    const [wait] = whatWaits({ ...nothing, signals: 1, model });
    expect(`${wait?.why} ${wait?.hint}`).toMatch(wanted);
    const other = { ...model, findings: model.signals, signals: model.findings };
    const [finding] = whatWaits({ ...nothing, recommendations: { waiting: 1 }, model: other });
    expect(`${finding?.why} ${finding?.hint}`).toMatch(
      new RegExp(wanted.source.replace('takes judgement ', '')),
    );
    expect(finding?.hint).toContain('or drop a recommendation');
  });

  test('names a forge that did not answer, with its own words.', () => {
    const problem = { message: 'GH_TOKEN is not set', hint: 'set GH_TOKEN' };
    expect(whatWaits({ ...nothing, forge_problem: problem })).toEqual([
      { what: 'all proposals', who: 'the forge', why: 'GH_TOKEN is not set', hint: 'set GH_TOKEN' },
    ]);
  });

  test('names several things in the order in which a person can act on them.', () => {
    const facts = { ...proposal('unchanged'), inbox: 1, rejected: 1, bad_personas: ['personas/a.yaml'] };
    expect(whatWaits(facts).map(({ who }) => who)).toEqual([
      'a pass',
      'whoever dropped them',
      'a person',
      'a reviewer',
    ]);
  });
});
