import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Pass } from '../../contracts/pass.ts';
import { gitText } from '../../git/program.ts';
import type { Oid } from '../../git/repository.ts';
import type { Snapshot } from '../../git/snapshot.ts';
import { isIgnoredName, placeInInbox } from '../../ledger/inbox-file.ts';
import { INBOX_SPACE } from '../../ledger/list-inbox.ts';
import { INBOX } from '../../ledger/paths.ts';
import { readLast } from '../../ledger/read-entries.ts';
import type { Workspace } from '../../ledger/workspace.ts';
import { isBelieved } from '../schedules/due-run.ts';
import { LOOP_SETTING, parseSchedule } from '../schedules/parse-schedule.ts';
import { readScheduleRuns } from '../schedules/read-schedule-runs.ts';
import type { Activity } from './inactivity.ts';

/** From git alone: it asks no forge. In a shallow clone the times are those of the commits that are there. */
export async function readActivity(workspace: Workspace): Promise<Activity> {
  const [ledger, base] = [await workspace.log.tip(), await workspace.base.tip()];
  const tips = [...new Set([ledger.commit, base.commit].filter((tip) => tip !== null))];
  const dates = await Promise.all(tips.map((tip) => commitTime(workspace, tip)));
  const [lastPass] = await readLast<Pass>(ledger.snapshot, 'pass', 1);
  const due = [
    ...(await inboxSince(workspace, ledger.commit, ledger.snapshot)),
    ...(await cellsSince(workspace)),
    ...(await loopSince(workspace, ledger.snapshot)),
  ];
  return {
    newestCommitAt: latest(dates.flat()),
    lastPassAt: lastPass === undefined ? undefined : new Date(lastPass.started_at),
    dueSince: due.sort((a, b) => a.getTime() - b.getTime())[0],
    scheduled: await hasSchedule(base.snapshot),
  };
}

function latest(dates: readonly Date[]): Date | undefined {
  return [...dates].sort((a, b) => b.getTime() - a.getTime())[0];
}

/** Of the newest commit that `tip` leads to, or that changed one of the paths. */
async function commitTime({ root }: Workspace, tip: Oid, ...paths: string[]): Promise<Date[]> {
  const text = await gitText(['log', '-1', '--format=%cI', tip, '--', ...paths], { cwd: root });
  return text === '' ? [] : [new Date(text)];
}

/** Contracts that are committed and wait: since the last of them came, at least. */
async function inboxSince(workspace: Workspace, tip: Oid | null, snapshot: Snapshot): Promise<Date[]> {
  if (tip === null) return [];
  for await (const { path } of snapshot.walk(INBOX))
    if (!placeInInbox(path).some(isIgnoredName)) return commitTime(workspace, tip, INBOX);
  return [];
}

/** Contracts that other machines have sent: a push of them starts no workflow, so they wait for whatever comes next. */
async function cellsSince({ cells, store }: Workspace): Promise<Date[]> {
  const waiting = [...(await cells.readAll(INBOX_SPACE)).values()];
  const bodies = await Promise.all(waiting.map(({ commit }) => store.existing(commit)));
  return bodies.flatMap(({ body }) => {
    const seconds = /^committer .* (\d+) [+-]\d{4}$/m.exec(body.toString('utf8'))?.[1];
    return seconds === undefined ? [] : [new Date(Number(seconds) * 1_000)];
  });
}

/** The first time that the loop was due after its last run. A schedule that cannot be read is another check's news. */
async function loopSince({ settings, clock }: Workspace, snapshot: Snapshot): Promise<Date[]> {
  if (settings.schedules.loop === undefined) return [];
  const now = clock.now();
  const runs = (await readScheduleRuns(snapshot, 'loop')).filter((run) => isBelieved(run, now));
  const last = runs.filter(({ state }) => state !== 'started').at(-1) ?? runs.at(-1);
  if (last === undefined) return [];
  try {
    const next = (await parseSchedule(LOOP_SETTING, settings.schedules.loop)).next(new Date(last.due_at));
    return next === undefined || next > now ? [] : [next];
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error;
    return [];
  }
}

const WORKFLOWS = '.github/workflows';

async function hasSchedule(base: Snapshot): Promise<boolean> {
  for (const { name } of await base.list(WORKFLOWS))
    if (/\.ya?ml$/.test(name) && /^\s+schedule\s*:/m.test((await base.text(`${WORKFLOWS}/${name}`)) ?? ''))
      return true;
  return false;
}
