import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScheduleRun } from '../../../src/contracts/schedule-run.ts';
import { dueRun } from '../../../src/runner/schedules/due-run.ts';
import { parseSchedule } from '../../../src/runner/schedules/parse-schedule.ts';
import { type DuePlan, planDueRun } from '../../../src/runner/schedules/plan-due-run.ts';
import { chooseSeed } from '../../e2e/seeded-random.ts';

const weekly = await parseSchedule('schedules.loop', '0 2 * * 0');
const rules = { marginMs: 60_000 };
const HOUR = 3_600_000;

const sunday = (day: string) => `2026-11-${day}T02:00:00.000Z`;

function run(dueAt: string, state: ScheduleRun['state'], more: Partial<ScheduleRun> = {}): ScheduleRun {
  return { schedule: 'loop', due_at: dueAt, attempt: 1, state, missed: 0, runner: 'a:1', at: dueAt, ...more };
}

describe('what is due', () => {
  const now = new Date('2026-11-24T12:00:00.000Z');
  const due = { due_at: sunday('22'), missed: 0 };
  const table: readonly [string, readonly ScheduleRun[], ReturnType<typeof dueRun>][] = [
    ['nothing where nothing is recorded', [], undefined],
    ['nothing when the newest time is done', [run(sunday('22'), 'finished')], undefined],
    ['nothing when it has failed', [run(sunday('22'), 'failed')], undefined],
    ['nothing when the schedule began at that time', [run(sunday('22'), 'begun')], undefined],
    ['the newest time when it began before', [run(sunday('15'), 'begun')], due],
    ['the newest time when the one before is done', [run(sunday('15'), 'finished')], due],
    [
      'it still when somebody has only begun',
      [run(sunday('15'), 'finished'), run(sunday('22'), 'started')],
      due,
    ],
    ['one run for three missed weeks', [run(sunday('01'), 'finished')], { ...due, missed: 2 }],
    [
      'one run that also makes up for what failed',
      [run(sunday('08'), 'finished'), run(sunday('15'), 'failed')],
      { ...due, missed: 1 },
    ],
    ['nothing when a clock was a little ahead', [run('2026-11-25T02:00:00.000Z', 'finished')], undefined],
    [
      'it all the same when a clock was years ahead',
      [run(sunday('15'), 'finished'), run('2035-01-07T02:00:00.000Z', 'finished')],
      due,
    ],
  ];
  test.each(table)('is %s.', (_title, runs, wanted) => {
    expect(dueRun(weekly, now, runs)).toEqual(wanted);
  });

  test('is counted up to a bound when nobody has looked for years.', async () => {
    const often = await parseSchedule('schedules.loop', '* * * * *');
    expect(dueRun(often, now, [run('2020-01-01T00:00:00.000Z', 'finished')])?.missed).toBe(1_000);
  });
});

describe('a runner that looks at a schedule', () => {
  const done = run(sunday('15'), 'finished');
  const began = (hours: number, more: Partial<ScheduleRun> = {}) =>
    run(sunday('22'), 'started', { ...more, at: hoursOn(hours) });
  const hoursOn = (hours: number) => new Date(new Date(sunday('22')).getTime() + hours * HOUR).toISOString();
  const begun = (...attempts: number[]) => attempts.map((attempt) => began(0, { attempt }));
  const due = { due_at: sunday('22'), missed: 0 };
  const table: readonly [string, number, readonly ScheduleRun[], DuePlan][] = [
    ['begins it when nobody has looked before', 1, [], { action: 'begin', due_at: sunday('22') }],
    ['runs what is due', 1, [done], { action: 'run', ...due, attempt: 1 }],
    ['waits for whoever has begun', 1, [done, began(0)], { action: 'wait', run: began(0) }],
    ['waits for two hours and the margin', 2, [done, began(0)], { action: 'wait', run: began(0) }],
    ['takes over then', 2.1, [done, began(0)], { action: 'run', ...due, attempt: 2 }],
    ['takes over twice', 3, [done, ...begun(1, 2)], { action: 'run', ...due, attempt: 3 }],
    ['gives up then', 3, [done, ...begun(1, 2, 3)], { action: 'give-up', ...due, attempt: 3 }],
    [
      'does nothing when the second attempt was done',
      9,
      [done, ...begun(1), run(sunday('22'), 'finished', { attempt: 2 })],
      { action: 'nothing' },
    ],
    ['waits for a start by a clock that is ahead', 1, [done, began(3)], { action: 'wait', run: began(3) }],
    ['takes over from a clock that is far ahead', 1, [done, began(5)], { action: 'run', ...due, attempt: 2 }],
    [
      'waits for one that is still at an earlier time',
      1,
      [done, run('2026-11-20T00:00:00.000Z', 'started', { at: hoursOn(0) })],
      { action: 'wait', run: run('2026-11-20T00:00:00.000Z', 'started', { at: hoursOn(0) }) },
    ],
    [
      'begins anew where all that is recorded comes from years ahead',
      1,
      [run('2035-01-07T02:00:00.000Z', 'finished')],
      { action: 'begin', due_at: sunday('22') },
    ],
  ];
  test.each(table)('%s.', (_title, hours, runs, wanted) => {
    expect(planDueRun(weekly, new Date(hoursOn(hours)), runs, rules)).toEqual(wanted);
  });
});

/** What happens to a fleet of runners: time passes or jumps, somebody looks, whoever is at work ends or dies. */
type Event =
  | { readonly kind: 'time'; readonly hours: number }
  | { readonly kind: 'look' }
  | { readonly kind: 'end'; readonly state: 'finished' | 'failed' }
  | { readonly kind: 'die' };

const event = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('time' as const), hours: fc.integer({ min: 0, max: 400 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      hours: fc.integer({ min: -30_000, max: 30_000 }),
    }),
  },
  { weight: 5, arbitrary: fc.constant({ kind: 'look' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      state: fc.constantFrom('finished' as const, 'failed' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'die' as const }) },
);

describe('any life of a schedule', () => {
  const seed = chooseSeed('MILLWRIGHT_SCHEDULE_SEED');

  test(`never ends one time twice and never forgets what is due, whatever clocks do (seed ${seed}).`, () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.integer({ min: 0, max: 99 }), (events, order) => {
        const life = live(events);
        const finished = life.runs.filter(({ state, attempt }) => state === 'finished' && attempt > 0);
        expect(new Set(finished.map(({ due_at }) => due_at)).size).toBe(finished.length);
        const words = life.runs.map(({ due_at, attempt, state }) => `${due_at} ${attempt} ${state}`);
        expect(new Set(words).size).toBe(words.length);
        for (const { attempt } of life.runs) expect(attempt).toBeLessThanOrEqual(3);
        // The order in which records come back says nothing.
        const turned = [...life.runs.slice(order), ...life.runs.slice(0, order)];
        expect(planDueRun(weekly, life.now, turned, rules).action).toBe(
          planDueRun(weekly, life.now, life.runs, rules).action,
        );
        // A runner that goes on looking comes to an end of whatever is due, and then there is nothing left.
        const settled = settle(life);
        expect(dueRun(weekly, settled.now, settled.runs)).toBeUndefined();
        const newest = weekly.newest(settled.now)?.toISOString() ?? '';
        expect(settled.runs.some(({ state, due_at }) => state !== 'started' && due_at >= newest)).toBe(true);
      }),
      { seed, numRuns: 150 },
    );
  });
});

interface Life {
  now: Date;
  runs: ScheduleRun[];
  atWork: ScheduleRun | undefined;
}

function live(events: readonly Event[]): Life {
  const life: Life = { now: new Date('2026-11-18T12:00:00.000Z'), runs: [], atWork: undefined };
  for (const one of events) {
    if (one.kind === 'time') life.now = new Date(life.now.getTime() + one.hours * HOUR);
    if (one.kind === 'look') look(life);
    if (one.kind === 'end') end(life, one.state);
    if (one.kind === 'die') life.atWork = undefined;
  }
  return life;
}

function look(life: Life): void {
  const plan = planDueRun(weekly, life.now, life.runs, rules);
  if (plan.action === 'nothing' || plan.action === 'wait') return;
  const at = life.now.toISOString();
  const base = { at, missed: 0, attempt: 1 };
  if (plan.action === 'begin') life.runs.push(run(plan.due_at, 'begun', base));
  if (plan.action === 'give-up') life.runs.push(run(plan.due_at, 'failed', { at, attempt: plan.attempt }));
  if (plan.action !== 'run') return;
  // Whoever was at it before has been silent for too long and is taken for dead.
  life.atWork = run(plan.due_at, 'started', { at, missed: plan.missed, attempt: plan.attempt });
  life.runs.push(life.atWork);
}

function end(life: Life, state: 'finished' | 'failed'): void {
  if (life.atWork !== undefined) life.runs.push({ ...life.atWork, state, at: life.now.toISOString() });
  life.atWork = undefined;
}

/** Some hours in which a runner looks again and again, and dies of nothing. */
function settle(life: Life): Life {
  life.atWork = undefined;
  for (let n = 0; n < 6; n += 1) {
    look(life);
    end(life, 'finished');
    if (n < 5 && dueRun(weekly, life.now, life.runs) !== undefined)
      life.now = new Date(life.now.getTime() + 2.1 * HOUR);
  }
  return life;
}
