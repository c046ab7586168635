import { oneLine, showValue } from '../../contracts/issue.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import { SETTINGS_FILE } from '../../ledger/paths.ts';

/** When something is due: a cron expression in UTC, read once. */
export interface Schedule {
  readonly expression: string;
  /** The newest time that it was due, at `now` or before. */
  newest(now: Date): Date | undefined;
  /** The first time that it is due after `after`. */
  next(after: Date): Date | undefined;
}

/** The setting that says when the loop is due. */
export const LOOP_SETTING = 'schedules.loop';

const NICKNAME = /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)$/i;

/**
 * Reads a cron expression of five fields, or a name such as @weekly. Seconds and single dates are refused: nothing
 * here is that exact, or happens once. Throws `bad-schedule`, which names the setting and what was found.
 */
export async function parseSchedule(setting: string, expression: string): Promise<Schedule> {
  if (expression.split(/\s+/).length !== 5 && !NICKNAME.test(expression))
    throw badSchedule(setting, expression, 'it does not have five fields');
  // Loaded here and not before: most workspaces have no schedule, and every pass asks.
  const { Cron } = await import('croner');
  try {
    const cron = new Cron(expression, { timezone: 'UTC', mode: '5-part', paused: true });
    if (cron.nextRun(LEAP_YEAR) === null) throw new Error('it is never due');
    return {
      expression,
      // A time is only found before the second that is asked about.
      newest: (now) => cron.previousRuns(2, new Date(now.getTime() + 1_000)).find((at) => at <= now),
      next: (after) => cron.nextRun(after) ?? undefined,
    };
  } catch (error) {
    throw badSchedule(setting, expression, error instanceof Error ? error.message : String(error));
  }
}

/** The 29th of February comes within a year of this. */
const LEAP_YEAR = new Date('2027-03-01T00:00:00.000Z');

function badSchedule(setting: string, expression: string, why: string): MillwrightError {
  return new MillwrightError(
    'bad-schedule',
    `${SETTINGS_FILE}: ${setting}: expected a cron expression of five fields in UTC, found ${showValue(expression)}: ${oneLine(why)}`,
    {
      hint: 'minute, hour, day of the month, month, day of the week: "0 2 * * 0" is Sundays at 2:00',
      data: { setting, expression },
    },
  );
}
