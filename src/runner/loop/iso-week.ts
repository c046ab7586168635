import { showValue } from '../../contracts/issue.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** A week of ISO 8601, Monday to Sunday in UTC. */
export interface IsoWeek {
  /** Such as 2026-W47. As text, weeks sort by time. */
  readonly name: string;
  /** Monday, 0:00. */
  readonly from: Date;
  /** The Monday after it, which is no part of it. */
  readonly to: Date;
}

/** The week that holds an instant. It belongs to the year that holds its Thursday. */
export function weekOf(at: Date): IsoWeek {
  const day = Math.floor(at.getTime() / DAY_MS);
  // The first of January 1970 was a Thursday.
  const monday = day - ((((day + 3) % 7) + 7) % 7);
  const year = new Date((monday + 3) * DAY_MS).getUTCFullYear();
  const number = Math.floor((monday + 3 - Date.UTC(year, 0, 1) / DAY_MS) / 7) + 1;
  const name = `${String(year).padStart(4, '0')}-W${String(number).padStart(2, '0')}`;
  const from = new Date(monday * DAY_MS);
  return { name, from, to: new Date(from.getTime() + WEEK_MS) };
}

/** Throws `usage` for a week that is none: not every year has a week 53. */
export function parseWeek(name: string): IsoWeek {
  const [, year, number] = /^(\d{4})-W(\d{2})$/.exec(name) ?? [];
  // The fourth of January is always in the first week.
  const first = weekOf(new Date(`${year ?? '0000'}-01-04T00:00:00.000Z`));
  const week = weekOf(new Date(first.from.getTime() + (Number(number) - 1) * WEEK_MS));
  if (year !== undefined && week.name === name) return week;
  throw new MillwrightError('usage', `expected a week such as 2026-W47, found ${showValue(name)}`, {
    hint: 'weeks are those of ISO 8601: from Monday, 01 to 52 or 53',
    data: { week: name },
  });
}
