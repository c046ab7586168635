import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/contracts/clock.ts';
import { MillwrightError } from '../../../src/contracts/millwright-error.ts';
import type { ScheduleRun } from '../../../src/contracts/schedule-run.ts';
import type { Controller, PassContext } from '../../../src/ledger/controller.ts';
import { weekOf } from '../../../src/runner/loop/iso-week.ts';
import { loopByHand } from '../../../src/runner/loop/loop-by-hand.ts';
import type { ExplainFindings } from '../../../src/runner/loop/loop-controllers.ts';
import { runPass } from '../../../src/runner/run-pass.ts';
import { claimRun } from '../../../src/runner/schedules/claim-run.ts';
import { parseSchedule } from '../../../src/runner/schedules/parse-schedule.ts';
import { readScheduleRuns } from '../../../src/runner/schedules/read-schedule-runs.ts';
import { readSchedules } from '../../../src/runner/schedules/read-schedules.ts';
import { scheduleController } from '../../../src/runner/schedules/schedule-controller.ts';
import { copyWorkspace, freshWorkspace, inWorkspace } from '../../e2e/prepared-workspace.ts';
import type { GitFolder } from '../../support/git-folder.ts';

const SCHEDULE = 'schedules:\n  loop: "0 2 * * 0"\n';
let begun: GitFolder;
let folder: GitFolder;
beforeAll(async () => {
  begun = folder = await freshWorkspace(SCHEDULE);
  // Seen for the first time: nothing of the past is made up for.
  expect(await passAt(WEDNESDAY)).toMatchObject({ changed: true, failures: [] });
  expect(await words()).toEqual(['2026-11-15 1 begun 0']);
  expect(await passAt(WEDNESDAY)).toMatchObject({ changed: false });
  expect(await folder.exists('artifacts/reports')).toBe(false);
});
afterAll(() => begun[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = await copyWorkspace(begun);
});
afterEach(() => folder[Symbol.asyncDispose]());

/** What a runner does that starts now, by its own clock. */
function at<T>(now: string, work: (context: PassContext) => Promise<T>): Promise<T> {
  return inWorkspace(folder.dir, work, { clock: { ...systemClock, now: () => new Date(now) } });
}

const passAt = (now: string, explain?: ExplainFindings, others: readonly Controller[] = []) =>
  at(now, (context) => {
    const loop = { controllers: [], ...(explain === undefined ? {} : { explain }) };
    return runPass(context, { controllers: [scheduleController(loop), ...others] });
  });

const runs = () =>
  at('2026-12-31T00:00:00.000Z', async ({ workspace }) =>
    readScheduleRuns((await workspace.log.tip()).snapshot, 'loop'),
  );
const words = async () =>
  (await runs()).map(
    ({ due_at, attempt, state, missed }: ScheduleRun) =>
      `${due_at.slice(0, 10)} ${attempt} ${state} ${missed}`,
  );

const WEDNESDAY = '2026-11-18T12:00:00.000Z';
const SUNDAY = '2026-11-22T02:05:00.000Z';

describe('the schedule of the loop', () => {
  test('runs in the first pass after the time, once, and leaves a report.', async () => {
    expect(await passAt(SUNDAY)).toMatchObject({ changed: true, failures: [] });
    expect((await words()).slice(1)).toEqual(['2026-11-22 1 started 0', '2026-11-22 1 finished 0']);
    expect((await runs()).at(-1)).toMatchObject({ report: 'artifacts/reports/2026-W47.md' });
    expect(await folder.read('artifacts/reports/2026-W47.md')).toContain('Nothing came in.');
    const tip = await folder.git('rev-parse', 'main');
    const standing = await at(SUNDAY, async ({ workspace }) =>
      readSchedules(workspace, (await workspace.log.tip()).snapshot),
    );
    expect(standing).toMatchObject([
      { problem: null, next_due_at: '2026-11-29T02:00:00.000Z', last: { state: 'finished', missed: 0 } },
    ]);
    for (const later of [SUNDAY, '2026-11-29T01:59:59.000Z'])
      expect(await passAt(later)).toMatchObject({ changed: false });
    expect(await folder.git('rev-parse', 'main')).toBe(tip);
  });

  test('makes up for three missed weeks with one run.', async () => {
    await passAt('2026-12-08T09:00:00.000Z');
    expect((await words()).slice(1)).toEqual(['2026-12-06 1 started 2', '2026-12-06 1 finished 2']);
    expect(await folder.read('artifacts/reports/2026-W49.md')).toContain('made up for 2 earlier times');
  });

  test('runs once when several runners look at the same time.', async () => {
    let asked = 0;
    const explain: ExplainFindings = async () => {
      asked += 1;
      return { explained: 0, drafted: 0, signals: 0, note: 'no model is set' };
    };
    const reports = await Promise.all([SUNDAY, SUNDAY, SUNDAY].map((now) => passAt(now, explain)));
    expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
    expect(asked).toBe(1);
    expect((await words()).slice(1)).toEqual(['2026-11-22 1 started 0', '2026-11-22 1 finished 0']);
  });

  test('is taken over when a runner was killed in the middle: by the next attempt, and by one runner.', async () => {
    const schedule = await parseSchedule('schedules.loop', '0 2 * * 0');
    const killed = await at(SUNDAY, (context) => claimRun(context, { name: 'loop', schedule }));
    expect(killed).toMatchObject({ result: 'claimed', run: { attempt: 1 } });
    expect(await passAt('2026-11-22T04:05:00.000Z')).toMatchObject({ changed: false });
    await Promise.all([passAt('2026-11-22T04:30:00.000Z'), passAt('2026-11-22T04:30:00.000Z')]);
    expect((await words()).slice(2)).toEqual(['2026-11-22 2 started 0', '2026-11-22 2 finished 0']);
    expect(await folder.read('artifacts/reports/2026-W47.md')).toContain('was begun for the 2nd time');
  });

  test('is given up after three runners were never heard of again, and recorded as failed.', async () => {
    const schedule = await parseSchedule('schedules.loop', '0 2 * * 0');
    const results: string[] = [];
    for (const hour of ['02', '05', '08', '11', '14'])
      await at(`2026-11-22T${hour}:00:00.000Z`, async (context) => {
        results.push((await claimRun(context, { name: 'loop', schedule })).result);
      });
    expect(results).toEqual(['claimed', 'claimed', 'claimed', 'gave-up', 'nothing']);
    expect((await words()).at(-1)).toBe('2026-11-22 3 failed 0');
  });

  test('records a loop that fails, with its words, and does not try again by itself; a person may.', async () => {
    const broken: ExplainFindings = () => Promise.reject(new TypeError('x is not a function'));
    await expect(passAt(SUNDAY, broken)).rejects.toThrow('x is not a function');
    expect((await runs()).at(-1)).toMatchObject({ state: 'failed', error: 'x is not a function' });
    expect(await passAt('2026-11-22T12:00:00.000Z')).toMatchObject({ changed: false });
    const noon = '2026-11-22T12:00:00.000Z';
    const week = weekOf(new Date(noon));
    await at(noon, (context) => loopByHand(context, { controllers: [], week }, true));
    expect((await words()).at(-1)).toBe('2026-11-22 2 finished 0');
  });

  test('goes on without what one part could not do, and says so in its record.', async () => {
    const refused: ExplainFindings = () =>
      Promise.reject(new MillwrightError('bad-prompt', 'a prompt is wrong'));
    await passAt(SUNDAY, refused);
    expect((await runs()).at(-1)).toMatchObject({ state: 'finished', error: 'explain: a prompt is wrong' });
  });

  test('counts what a person does when it is due, so that no pass does it again.', async () => {
    const week = weekOf(new Date(SUNDAY));
    const byHand = () => at(SUNDAY, (context) => loopByHand(context, { controllers: [], week }, true));
    await byHand();
    expect(await passAt('2026-11-22T03:05:00.000Z')).toMatchObject({ changed: false });
    // Once more is no run of the schedule, and the report says the same.
    const before = await words();
    expect(await byHand()).toMatchObject({ written: [] });
    expect(await words()).toEqual(before);
  });

  test('that a killed runner has begun is closed by a person who does it, and no pass does it again.', async () => {
    const schedule = await parseSchedule('schedules.loop', '0 2 * * 0');
    await at(SUNDAY, (context) => claimRun(context, { name: 'loop', schedule }));
    const later = '2026-11-22T02:30:00.000Z';
    const week = weekOf(new Date(later));
    await at(later, (context) => loopByHand(context, { controllers: [], week }, true));
    expect((await words()).slice(1)).toEqual(['2026-11-22 1 started 0', '2026-11-22 1 finished 0']);
    expect(await passAt('2026-11-22T09:00:00.000Z')).toMatchObject({ changed: false });
    expect((await words()).slice(1)).toHaveLength(2);
  });

  test('leaves what another has begun open when a person cannot do it either.', async () => {
    const schedule = await parseSchedule('schedules.loop', '0 2 * * 0');
    await at(SUNDAY, (context) => claimRun(context, { name: 'loop', schedule }));
    const explain: ExplainFindings = () => Promise.reject(new TypeError('no'));
    const week = weekOf(new Date(SUNDAY));
    const byHand = at(SUNDAY, (context) => loopByHand(context, { controllers: [], explain, week }, true));
    await expect(byHand).rejects.toThrow('no');
    expect((await words()).slice(1)).toEqual(['2026-11-22 1 started 0']);
  });

  test('is read from records of before, whose beginning was written as a run that had finished.', async () => {
    const file = await folder.git('ls-files', 'state/schedule_run');
    const old = (await folder.read(file)).replace('"begun"', '"finished"');
    await folder.write(file, old);
    await folder.git('commit', '-qam', 'As it was written before');
    expect(await words()).toEqual(['2026-11-15 1 finished 0']);
    expect(await passAt(SUNDAY)).toMatchObject({ changed: true, failures: [] });
    expect((await words()).at(-1)).toBe('2026-11-22 1 finished 0');
  });

  test('leaves no report of a week that is over, in which nothing happened.', async () => {
    expect(await passAt('2026-11-24T09:00:00.000Z')).toMatchObject({ changed: true, failures: [] });
    expect((await words()).at(-1)).toBe('2026-11-22 1 finished 0');
    expect((await runs()).at(-1)?.report).toBeUndefined();
    expect(await folder.exists('artifacts/reports')).toBe(false);
    const monday = '2026-11-30T09:00:00.000Z';
    const week = weekOf(new Date(monday));
    await at(monday, (context) => loopByHand(context, { controllers: [], week }, true));
    expect(await folder.git('ls-files', 'artifacts/reports')).toBe('artifacts/reports/2026-W49.md');
  });

  test('that cannot be read is warned about when a person runs the loop, and stops nothing.', async () => {
    await folder.write('millwright.yaml', 'schedules:\n  loop: "every sunday"\n');
    const week = weekOf(new Date(SUNDAY));
    await at(SUNDAY, async (context) => {
      const done = await loopByHand(context, { controllers: [], week }, true);
      expect(done.report).toBe('artifacts/reports/2026-W47.md');
      expect(context.workspace.warnings.join('\n')).toMatch(/schedules\.loop.*every sunday/);
    });
  });

  test('that cannot be read stops nothing else, and is named.', async () => {
    await folder.write('millwright.yaml', 'schedules:\n  loop: "every sunday"\n');
    const seen: string[] = [];
    const other: Controller = {
      name: 'other',
      plan: async () => {
        seen.push('other');
        return [];
      },
    };
    const { failures } = await passAt(SUNDAY, undefined, [other]);
    expect(failures).toMatchObject([{ controller: 'schedule', code: 'bad-schedule' }]);
    expect(seen).toEqual(['other']);
    const standing = await at(SUNDAY, async ({ workspace }) =>
      readSchedules(workspace, (await workspace.log.tip()).snapshot),
    );
    expect(standing).toMatchObject([{ problem: expect.stringContaining('every sunday'), next_due_at: null }]);
  });

  test('does not wait for years because one clock was wrong, and says so.', async () => {
    await passAt('2035-01-07T03:00:00.000Z');
    await at(SUNDAY, async (context) => {
      await runPass(context, { controllers: [scheduleController({ controllers: [] })] });
      expect(context.workspace.warnings.join('\n')).toContain('2035-01-07T02:00:00.000Z');
    });
    expect(await words()).toContain('2026-11-22 1 finished 0');
    // A clock that then goes back by months finds that everything was done.
    expect(await passAt('2026-11-16T00:00:00.000Z')).toMatchObject({ changed: false });
  });
});

describe('a workspace without a schedule', () => {
  test('has nothing planned.', async () => {
    await folder.write('millwright.yaml', '');
    expect(await at(SUNDAY, (context) => scheduleController({ controllers: [] }).plan(context))).toEqual([]);
  });
});
