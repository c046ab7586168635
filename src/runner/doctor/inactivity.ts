/** What git tells of how a workspace is kept going. */
export interface Activity {
  /** Of the base branch and the ledger branch; undefined before the first commit. */
  readonly newestCommitAt: Date | undefined;
  /** When the newest pass began that left a record. A pass that changes nothing leaves none. */
  readonly lastPassAt: Date | undefined;
  /** Since when there has been something to do that no pass has done. */
  readonly dueSince: Date | undefined;
  /** True where a workflow of the base branch has a schedule. */
  readonly scheduled: boolean;
}

const DAY_MS = 86_400_000;
/** GitHub switches the schedules of a public repository off after so long without a commit. */
const STOP_DAYS = 60;
/** Early enough for somebody who looks once a week. */
export const WARN_DAYS = 45;
/** GitHub drops and delays schedules; so long it never does by itself. */
const MISSED_DAYS = 3;

/** What people should know about schedules that stop, or that do not come. Nothing, most of the time. Pure. */
export function inactivityNotes(activity: Activity, now: Date): string[] {
  return [...stopNote(activity, now), ...missedNote(activity, now)];
}

function stopNote({ newestCommitAt, scheduled }: Activity, now: Date): string[] {
  if (newestCommitAt === undefined || !scheduled) return [];
  const days = daysBetween(newestCommitAt, now);
  if (days < WARN_DAYS) return [];
  const words =
    days < STOP_DAYS
      ? `GitHub switches the schedules of a public repository off after ${STOP_DAYS} days without one, on ${day(newestCommitAt, STOP_DAYS)}; any commit starts the count anew`
      : `GitHub has switched the schedules of a public repository off by now; push a commit, then Actions > the workflow > Enable workflow`;
  return [`the newest commit is ${days} days old: ${words}`];
}

/** Without anything to do, silence is no fault. */
function missedNote({ lastPassAt, dueSince }: Activity, now: Date): string[] {
  if (dueSince === undefined || daysBetween(dueSince, now) < MISSED_DAYS) return [];
  if (lastPassAt !== undefined && daysBetween(lastPassAt, now) < MISSED_DAYS) return [];
  const last =
    lastPassAt === undefined
      ? 'no pass is recorded'
      : `the last recorded pass was ${daysBetween(lastPassAt, now)} days ago`;
  return [
    `${last}, and work has been due for ${daysBetween(dueSince, now)} days: look whether the schedules still run, or run millwright run --once`,
  ];
}

function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / DAY_MS);
}

function day(from: Date, days: number): string {
  return new Date(from.getTime() + days * DAY_MS).toISOString().slice(0, 10);
}
