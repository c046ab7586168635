import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWeek, weekOf } from '../../../src/runner/loop/iso-week.ts';

describe('a week', () => {
  test.each([
    ['2026-11-16T00:00:00.000Z', '2026-W47'],
    ['2026-11-22T23:59:59.999Z', '2026-W47'],
    ['2026-11-23T00:00:00.000Z', '2026-W48'],
    // The days around new year belong to the year of their Thursday.
    ['2027-01-01T00:00:00.000Z', '2026-W53'],
    ['2027-01-04T00:00:00.000Z', '2027-W01'],
    ['2024-12-30T00:00:00.000Z', '2025-W01'],
    ['2021-01-03T12:00:00.000Z', '2020-W53'],
    ['1969-12-31T00:00:00.000Z', '1970-W01'],
  ])('that holds %s is %s.', (at, name) => {
    expect(weekOf(new Date(at)).name).toBe(name);
  });

  test('of any instant holds it, starts on a Monday, lasts seven days and is found by its name.', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1000-01-01'), max: new Date('9990-01-01'), noInvalidDate: true }),
        (at) => {
          const week = weekOf(at);
          expect(week.from.getTime()).toBeLessThanOrEqual(at.getTime());
          expect(week.to.getTime()).toBeGreaterThan(at.getTime());
          expect(week.from.getUTCDay()).toBe(1);
          expect(week.to.getTime() - week.from.getTime()).toBe(7 * 86_400_000);
          expect(parseWeek(week.name)).toEqual(week);
        },
      ),
    );
  });

  test.each(['2026-W54', '2025-W53', '2026-W00', '2026-47', 'now', '', '../../W47', '2026-W47 '])(
    'is not %j.',
    (name) => {
      expect(() => parseWeek(name)).toThrow(expect.objectContaining({ code: 'usage' }));
    },
  );
});
