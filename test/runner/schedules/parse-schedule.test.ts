import { describe, expect, test } from 'vitest';
import { parseSchedule } from '../../../src/runner/schedules/parse-schedule.ts';

describe('a schedule', () => {
  test.each([
    ['0 2 * * 0', '2026-11-21T12:00:00.000Z', '2026-11-15T02:00:00.000Z', '2026-11-22T02:00:00.000Z'],
    ['0 2 * * 0', '2026-11-22T01:59:59.999Z', '2026-11-15T02:00:00.000Z', '2026-11-22T02:00:00.000Z'],
    ['0 2 * * 0', '2026-11-22T02:00:00.000Z', '2026-11-22T02:00:00.000Z', '2026-11-29T02:00:00.000Z'],
    ['0 2 * * 0', '2026-11-22T02:00:00.001Z', '2026-11-22T02:00:00.000Z', '2026-11-29T02:00:00.000Z'],
    ['0 2 * * SUN', '2026-11-22T02:00:59.999Z', '2026-11-22T02:00:00.000Z', '2026-11-29T02:00:00.000Z'],
    ['@weekly', '2026-11-22T02:00:00.000Z', '2026-11-22T00:00:00.000Z', '2026-11-29T00:00:00.000Z'],
    ['* * * * *', '2026-11-22T02:00:30.000Z', '2026-11-22T02:00:00.000Z', '2026-11-22T02:01:00.000Z'],
    ['0 0 29 2 *', '2026-11-22T02:00:00.000Z', '2024-02-29T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
    // A night in which other places set their clocks: UTC has no such night.
    ['30 2 * * *', '2026-03-29T02:30:00.000Z', '2026-03-29T02:30:00.000Z', '2026-03-30T02:30:00.000Z'],
  ])('%s at %s was due at %s and is due at %s.', async (expression, now, newest, next) => {
    const schedule = await parseSchedule('schedules.loop', expression);
    expect(schedule.newest(new Date(now))?.toISOString()).toBe(newest);
    expect(schedule.next(new Date(now))?.toISOString()).toBe(next);
  });

  test.each([
    '',
    'weekly',
    '0 2 * *',
    '0 0 2 * * 0',
    '61 * * * *',
    '0 2 30 2 *',
    '@reboot',
    '2026-11-22T02:00:00Z',
    'a b c d e',
    '0 2 * * 0; rm',
  ])('refuses %j, and says which setting it was, what it found and what it wants.', async (expression) => {
    await expect(parseSchedule('schedules.loop', expression)).rejects.toMatchObject({
      code: 'bad-schedule',
      message: expect.stringMatching(/^millwright\.yaml: schedules\.loop: expected .*, found /),
      hint: expect.stringContaining('0 2 * * 0'),
      data: { setting: 'schedules.loop', expression },
    });
  });
});
