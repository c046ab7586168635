import { describe, expect, test } from 'vitest';
import { type Activity, inactivityNotes } from '../../../src/runner/doctor/inactivity.ts';

const now = new Date('2026-11-21T08:00:00.000Z');
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
const quiet: Activity = {
  newestCommitAt: ago(1),
  lastPassAt: ago(1),
  dueSince: undefined,
  scheduled: true,
};

describe('notes about schedules', () => {
  test.each<readonly [string, Partial<Activity>, readonly RegExp[]]>([
    ['nothing where all goes well', {}, []],
    ['nothing before the first commit', { newestCommitAt: undefined, lastPassAt: undefined }, []],
    ['nothing on day 44', { newestCommitAt: ago(44.9), lastPassAt: ago(44.9) }, []],
    [
      'the day of the stop from day 45 on',
      { newestCommitAt: ago(45) },
      [/is 45 days old: .* on 2026-12-06;/],
    ],
    ['how to begin again from day 60 on', { newestCommitAt: ago(60) }, [/60 days old: .* Enable workflow/]],
    ['nothing where no workflow has a schedule', { newestCommitAt: ago(90), scheduled: false }, []],
    ['nothing of an old pass when nothing is due', { lastPassAt: ago(30) }, []],
    ['nothing of what is due for two days', { lastPassAt: ago(9), dueSince: ago(2.9) }, []],
    ['nothing when a pass has been here since', { lastPassAt: ago(2), dueSince: ago(9) }, []],
    [
      'passes that did not come',
      { lastPassAt: ago(9), dueSince: ago(3) },
      [/^the last recorded pass was 9 days ago, and work has been due for 3 days/],
    ],
    ['passes that never came', { lastPassAt: undefined, dueSince: ago(4) }, [/^no pass is recorded, /]],
    [
      'both',
      { newestCommitAt: ago(50), lastPassAt: ago(50), dueSince: ago(50) },
      [/50 days old/, /50 days ago/],
    ],
  ])('say %s.', (_title, facts, expected) => {
    const notes = inactivityNotes({ ...quiet, ...facts }, now);
    expect(notes).toHaveLength(expected.length);
    for (const [at, words] of expected.entries()) expect(notes[at]).toMatch(words);
  });
});
