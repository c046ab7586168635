import { basename } from 'node:path';
import { z } from 'zod';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import { parseSchedule } from '../schedules/parse-schedule.ts';
import type { Check } from './check.ts';
import type { GithubDesk } from './github-desk.ts';
import type { GithubWorkflow } from './read-workflows.ts';
import { failed, ok, warning } from './verdicts.ts';
import { workflowCrons } from './workflow-crons.ts';

const DAY_MS = 86_400_000;
/** GitHub delays and drops runs when it is busy. */
const LATE_MS = DAY_MS;
const MOST_WORKFLOWS = 10;

/** Each workflow of the base branch that has a schedule: whether GitHub runs it, when it last did, what was missed. */
export async function scheduleChecks(
  desk: GithubDesk,
  workflows: readonly GithubWorkflow[],
): Promise<Check[]> {
  const { snapshot } = await desk.workspace.base.tip();
  const checks: Check[] = [];
  for (const workflow of workflows.slice(0, MOST_WORKFLOWS)) {
    const crons = workflowCrons((await snapshot.text(workflow.path)) ?? '');
    if (crons.length > 0) checks.push(await scheduleCheck(desk, workflow, crons));
  }
  return checks;
}

async function scheduleCheck(
  desk: GithubDesk,
  workflow: GithubWorkflow,
  crons: readonly string[],
): Promise<Check> {
  const name = `schedule ${basename(workflow.path)}`;
  const last = await lastRun(desk, workflow);
  const words = last === undefined ? 'no run yet' : `last run ${last.toISOString().slice(0, 16)}Z`;
  const off = stoppedWords(workflow.state);
  if (off !== undefined) return off(name, words);
  const due = await firstDue(workflow.path, crons, last ?? new Date(workflow.created_at));
  const late = due === undefined ? 0 : desk.workspace.clock.now().getTime() - due.getTime();
  if (due === undefined || late < LATE_MS) return ok(name, `enabled, ${words}`);
  return warning(
    name,
    `enabled, ${words}; it was due ${due.toISOString().slice(0, 16)}Z, ${Math.floor(late / DAY_MS)} days ago`,
    'start it by hand under Actions; what is due is made up for once',
  );
}

async function lastRun({ client }: GithubDesk, { id }: GithubWorkflow): Promise<Date | undefined> {
  const [run] = await client.list({
    route: 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
    parameters: { workflow_id: id, event: 'schedule' },
    within: 'workflow_runs',
    shape: z.object({ created_at: z.string() }),
    perPage: 1,
    goOn: () => false,
    action: 'look at the runs of a workflow',
  });
  return run === undefined ? undefined : new Date(run.created_at);
}

function stoppedWords(state: string): ((name: string, words: string) => Check) | undefined {
  if (state === 'active') return undefined;
  const enable = 'Actions > the workflow > Enable workflow';
  if (state === 'disabled_inactivity')
    return (name, words) =>
      failed(name, `GitHub has switched it off after 60 days without a commit; ${words}`, enable);
  const why = state === 'disabled_manually' ? 'somebody has switched it off' : `its state is ${state}`;
  return (name, words) => warning(name, `${why}; ${words}`, enable);
}

/** The earliest of its schedules. An expression that cannot be read is GitHub's to complain about. */
async function firstDue(path: string, crons: readonly string[], after: Date): Promise<Date | undefined> {
  const times: Date[] = [];
  for (const cron of crons) {
    try {
      const next = (await parseSchedule(path, cron)).next(after);
      if (next !== undefined) times.push(next);
    } catch (error) {
      if (!(error instanceof MillwrightError)) throw error;
    }
  }
  return times.sort((a, b) => a.getTime() - b.getTime())[0];
}
