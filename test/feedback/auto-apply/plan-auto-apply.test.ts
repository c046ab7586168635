import { expect, test } from 'vitest';
import { settings } from '../../../src/contracts/settings.ts';
import { countUses } from '../../../src/feedback/auto-apply/count-uses.ts';
import { type AutoApplyFacts, whyNotApplied } from '../../../src/feedback/auto-apply/plan-auto-apply.ts';
import { route } from '../feedback-records.ts';
import { bullet } from '../gate/gate-cases.ts';

const allowed: AutoApplyFacts = {
  settings: settings.parse({ auto_apply: { enabled: true, deltas: ['add_bullet', 'set_field'] } }).auto_apply,
  deltas: [bullet],
  isRevert: false,
  test: { verdict: 'improved' },
  result: 'unchanged',
  sameFile: true,
  problem: undefined,
  begun: false,
  uses: 0,
};

test('A patch is merged when everything is as it should be.', () => {
  expect(whyNotApplied(allowed)).toBeUndefined();
});

test.each<[Partial<AutoApplyFacts>, string]>([
  [{ settings: settings.parse({}).auto_apply }, 'auto_apply.enabled is off'],
  [
    { settings: settings.parse({ auto_apply: { enabled: true } }).auto_apply },
    'auto_apply.deltas does not name add_bullet',
  ],
  [{ deltas: [bullet, route('a')] }, 'auto_apply.deltas does not name set_route'],
  [{ isRevert: true }, 'it takes a change back'],
  [{ test: undefined }, 'it was not tested'],
  [{ test: { verdict: 'no_evidence' } }, 'its test says no_evidence'],
  [{ test: { verdict: 'not_tested' } }, 'its test says not_tested'],
  [{ result: 'opened' }, 'its proposal is opened'],
  [{ result: 'edited-by-human' }, 'its proposal is edited-by-human'],
  [{ sameFile: false }, 'the persona has changed since its test'],
  [{ problem: 'its branch is gone' }, 'its branch is gone'],
  [{ uses: 1 }, 'auto_apply.max_per_day is reached: 1 in 24 hours'],
])('With %j it waits for a person.', (more, why) => {
  expect(whyNotApplied({ ...allowed, ...more })).toBe(why);
});

test('What was counted before a pass died is not counted again.', () => {
  expect(whyNotApplied({ ...allowed, uses: 1, begun: true })).toBeUndefined();
});

test('A day has 24 hours, and a record from the future is of today.', () => {
  const uses = ['2026-11-20T11:59:59.999Z', '2026-11-20T12:00:00.001Z', '2030-01-01T00:00:00.000Z'];
  const now = new Date('2026-11-21T12:00:00.000Z');
  expect(
    countUses(
      uses.map((applied_at) => ({ applied_at })),
      now,
    ),
  ).toEqual({ last_24_h: 2, total: 3 });
});
