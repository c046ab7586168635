import type { Job, Step, WorkflowFile } from '../actions/workflow-file.ts';

/** A workflow as text and as data. */
export interface Checked {
  readonly text: string;
  readonly file: WorkflowFile;
}

/** Each rule returns what is wrong, one sentence for each place. */
export type WorkflowRule = (checked: Checked) => string[];

const jobsOf = ({ jobs }: WorkflowFile): [string, Job][] => Object.entries(jobs);
const stepsOf = (file: WorkflowFile): Step[] => jobsOf(file).flatMap(([, job]) => job.steps);

/** `actions/name@<40 hex> # v1.2.3`; what lies in this repository needs no pin. */
const pins: WorkflowRule = ({ text }) =>
  [...text.matchAll(/^[ -]*uses:[ ]*(.+)$/gm)]
    .map(([, uses = '']) => uses)
    .filter(
      (uses) => !uses.startsWith('./') && !/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses),
    )
    .map((uses) => `${uses} is not pinned by a commit with its version beside it`);

const rightsOnTop: WorkflowRule = ({ file }) =>
  JSON.stringify(file.permissions) === '{}' ? [] : ['the workflow does not begin with permissions: {}'];

const rightsOfJobs: WorkflowRule = ({ file }) =>
  jobsOf(file)
    .filter(([, { permissions }]) => typeof permissions !== 'object')
    .map(([id]) => `${id} does not list its permissions`);

/** Who may write what: a right that nobody lists here is one too many. */
const mayWrite: Readonly<Record<string, readonly string[]>> = {
  Loop: ['contents', 'issues', 'pull-requests'],
  Reconcile: ['contents', 'issues', 'pull-requests'],
  Worker: ['contents'],
  'Pages deploy': ['pages', 'id-token'],
};

const leastRights: WorkflowRule = ({ file }) =>
  jobsOf(file).flatMap(([id, { permissions = {} }]) => {
    const allowed = [...(mayWrite[file.name] ?? []), ...(mayWrite[`${file.name} ${id}`] ?? [])];
    return Object.entries(permissions)
      .filter(([right, level]) => level !== 'read' && !(level === 'write' && allowed.includes(right)))
      .map(([right, level]) => `${id} has ${right}: ${level}`);
  });

const noExpressionsInScripts: WorkflowRule = ({ file }) =>
  stepsOf(file)
    .filter(({ run }) => run?.includes('${{') === true)
    .map(({ run = '' }) => `a script holds an expression: ${run.split('\n')[0] ?? ''}`);

const safeEvents: WorkflowRule = ({ file }) =>
  Object.keys(file.on)
    .filter((event) => ['pull_request_target', 'issue_comment'].includes(event))
    .map((event) => `${event} runs with rights over what strangers wrote`);

const timeouts: WorkflowRule = ({ file }) =>
  jobsOf(file)
    .filter(([, job]) => typeof job['timeout-minutes'] !== 'number')
    .map(([id]) => `${id} may run for hours: it has no timeout-minutes`);

/** They write nothing, and a required check that is skipped counts as passed. */
const runsOn: readonly string[] = ['Validate', 'CI'];

const killSwitch: WorkflowRule = ({ file }) =>
  jobsOf(file).flatMap(([id, job]) => {
    const condition = String(job.if ?? '').trim();
    if (runsOn.includes(file.name))
      return condition.includes('MILLWRIGHT_DISABLED') ? [`${id} is skipped by the kill switch`] : [];
    const heeds = /^vars\.MILLWRIGHT_DISABLED != 'true'(?: && |$)/.test(condition);
    return heeds ? [] : [`${id} does not heed the kill switch`];
  });

/** What runs passes on one ledger is one group. No other group is wider than a workflow on a ref. */
const groups: Readonly<Record<string, RegExp>> = {
  Loop: /^millwright-pass$/,
  Reconcile: /^\$\{\{(?:(?!\}\}).)* \|\| 'millwright-pass' \}\}$/s,
};
const USUAL_GROUP = /^\$\{\{ github\.workflow \}\}-\$\{\{ github\.ref \}\}$/;

/** What writes is not cut off in the middle. */
const concurrency: WorkflowRule = ({ file }) => {
  const writes = jobsOf(file).some(([, job]) => Object.values(job.permissions ?? {}).includes('write'));
  const { group, 'cancel-in-progress': cancels } = file.concurrency ?? {};
  return [
    ...((groups[file.name] ?? USUAL_GROUP).test(group ?? '')
      ? []
      : ['the concurrency group is neither that of passes nor the workflow and its ref']),
    ...(writes && cancels !== false ? ['a run that writes may be cancelled'] : []),
  ];
};

const knownNeeds: WorkflowRule = ({ file }) =>
  jobsOf(file).flatMap(([id, { needs = [] }]) =>
    [needs]
      .flat()
      .filter((need) => !(need in file.jobs))
      .map((need) => `${id} needs ${need}, which is no job`),
  );

/** A step may name only steps before it. */
const knownSteps: WorkflowRule = ({ file }) => jobsOf(file).flatMap(([, job]) => unknownSteps(job.steps));

export function unknownSteps(steps: readonly Step[]): string[] {
  const seen = new Set<string>();
  return steps.flatMap((step) => {
    const named = [...JSON.stringify(step).matchAll(/\bsteps\.([\w-]+)/g)].map(([, id = '']) => id);
    const unknown = named.filter((id) => !seen.has(id)).map((id) => `steps.${id} is no step before it`);
    if (step.id !== undefined) seen.add(step.id);
    return unknown;
  });
}

const secretsAllowed: Readonly<Record<string, readonly string[]>> = {
  Loop: ['MILLWRIGHT_APP_KEY', 'ANTHROPIC_API_KEY'],
  Reconcile: ['MILLWRIGHT_APP_KEY', 'ANTHROPIC_API_KEY'],
  Worker: ['MILLWRIGHT_APP_KEY', 'ANTHROPIC_API_KEY'],
};

const secrets: WorkflowRule = ({ text, file }) =>
  [...text.matchAll(/\bsecrets\s*(?:\.\s*(\w+)|\[|:)/g)]
    .map(([, name = 'secrets as a whole']) => name)
    .filter((name) => secretsAllowed[file.name]?.includes(name) !== true)
    .map((name) => `${name} has no place in ${file.name}`);

/** Jobs that only read, and ask the remote for its newest state; nothing of a pull request runs in them. */
const readsRemote: readonly string[] = ['Pages'];

/** A login stays in the checkout only where something is pushed, or where the remote is asked by what people have reviewed. */
const logins: WorkflowRule = ({ file }) =>
  jobsOf(file).flatMap(([id, job]) => {
    const pushes = job.permissions?.contents === 'write' || readsRemote.includes(file.name);
    const checkouts = job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@') === true);
    return checkouts
      .filter((step) => !pushes && step.with?.['persist-credentials'] !== false)
      .map(() => `${id} leaves its login in the checkout and pushes nothing`);
  });

const shells: WorkflowRule = ({ file }) =>
  stepsOf(file)
    .filter(({ run, shell }) => run !== undefined && shell !== 'bash')
    .map(({ name = '' }) => `${name} does not say shell: bash`);

/** GitHub drops schedules most of all on the hour. */
const oddMinutes: WorkflowRule = ({ file }) =>
  ((file.on.schedule ?? []) as readonly { cron: string }[])
    .filter(({ cron }) => !/^(?!0 |15 |30 |45 )\d+ /.test(cron))
    .map(({ cron }) => `${cron} is a minute that everybody takes`);

const noForkSchedules: WorkflowRule = ({ file }) =>
  'schedule' in file.on
    ? jobsOf(file)
        .filter(
          ([, job]) => job.needs === undefined && !String(job.if).includes('!github.event.repository.fork'),
        )
        .map(([id]) => `${id} would run by schedule in forks`)
    : [];

export const workflowRules: Readonly<Record<string, WorkflowRule>> = {
  pins,
  rightsOnTop,
  rightsOfJobs,
  leastRights,
  noExpressionsInScripts,
  safeEvents,
  timeouts,
  killSwitch,
  concurrency,
  knownNeeds,
  knownSteps,
  secrets,
  logins,
  shells,
  oddMinutes,
  noForkSchedules,
};
