import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { interpolate, isWanted, text } from './evaluate.ts';
import type { Happening } from './happening.ts';
import { hashOf, newMachine } from './machine.ts';
import { type ActionDone, runSteps, type StepDone } from './run-steps.ts';
import { type Job, ownFile, parseWorkflowFile, type WorkflowFile, workflowPath } from './workflow-file.ts';

export interface JobDone {
  readonly result: 'success' | 'failure' | 'skipped';
  readonly steps: readonly StepDone[];
  readonly actions: readonly ActionDone[];
  readonly summary: string;
  readonly workspace: string;
  /** The concurrency group of the whole run. */
  readonly group: string;
}

/** Runs a workflow of this repository as a runner does: jobs by their needs, each matrix cell on a machine of its own. */
export async function runWorkflow(name: string, happening: Happening): Promise<Record<string, JobDone>> {
  const workflow = parseWorkflowFile(await ownFile(workflowPath(name)));
  const done: Record<string, JobDone> = {};
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const needs = [job.needs ?? []].flat().map((need) => [need, done[need]?.result ?? 'failure'] as const);
    for (const matrix of matrixOf(job, happening, workflow)) {
      const contexts = contextsOf(happening, workflow, matrix, Object.fromEntries(needs));
      const key = Object.keys(matrix).length === 0 ? id : `${id} (${Object.values(matrix).join(', ')})`;
      const hasFailed = needs.some(([, result]) => result !== 'success');
      const group = groupOf(workflow, contexts);
      done[key] = { ...(await runJob(job, happening, contexts, hasFailed)), group };
    }
  }
  return done;
}

function groupOf({ concurrency }: WorkflowFile, contexts: Record<string, unknown>): string {
  return text(interpolate(concurrency?.group, { contexts, hasFailed: false, hashFiles: hashOf }));
}

function matrixOf(job: Job, happening: Happening, workflow: WorkflowFile): Record<string, unknown>[] {
  const surroundings = {
    contexts: contextsOf(happening, workflow, {}, {}),
    hasFailed: false,
    hashFiles: hashOf,
  };
  let cells: Record<string, unknown>[] = [{}];
  for (const [name, value] of Object.entries(job.strategy?.matrix ?? {})) {
    const values = interpolate(value, surroundings) as unknown[];
    cells = cells.flatMap((cell) => values.map((one) => ({ ...cell, [name]: one })));
  }
  return cells;
}

async function runJob(
  job: Job,
  happening: Happening,
  contexts: Record<string, unknown>,
  hasFailed: boolean,
): Promise<Omit<JobDone, 'group'>> {
  const surroundings = { contexts, hasFailed, hashFiles: hashOf };
  const nothing = { steps: [], actions: [], summary: '', workspace: '' };
  if (!isWanted(job.if, surroundings)) return { result: 'skipped', ...nothing };
  const machine = await newMachine(
    await mkdtemp(join(happening.top, 'machine-')),
    await variables(happening),
  );
  await happening.prepare(machine.tools);
  const actions: ActionDone[] = [];
  const steps = await runSteps(job.steps, { machine, happening, contexts, actions, inherited: {} });
  const failed = steps.some(({ outcome }) => outcome === 'failure');
  const { summary, workspace } = machine;
  return { result: failed ? 'failure' : 'success', steps, actions, summary, workspace };
}

async function variables(happening: Happening): Promise<Record<string, string>> {
  const file = join(await mkdtemp(join(happening.top, 'event-')), 'event.json');
  await writeFile(file, JSON.stringify(happening.payload));
  return {
    GITHUB_EVENT_NAME: happening.event,
    GITHUB_EVENT_PATH: file,
    GITHUB_REF: happening.ref,
    GITHUB_SHA: happening.sha,
    GITHUB_REPOSITORY: happening.repository,
    GITHUB_SERVER_URL: happening.server,
    GITHUB_API_URL: happening.api,
    GITHUB_RUN_ID: '1',
    ...happening.env,
  };
}

function contextsOf(
  happening: Happening,
  workflow: WorkflowFile,
  matrix: Record<string, unknown>,
  needs: Record<string, string>,
): Record<string, unknown> {
  const { event, payload, ref, sha, repository, server, api, token, vars = {}, secrets = {} } = happening;
  const github = {
    event_name: event,
    event: payload,
    ref,
    ref_name: ref.replace(/^refs\/(?:heads|tags|pull)\//, ''),
    sha,
    repository,
    token,
    workflow: workflow.name,
    server_url: server,
    api_url: api,
    run_id: '1',
  };
  const results = Object.entries(needs).map(([need, result]) => [need, { result, outputs: {} }]);
  const rest = {
    matrix,
    needs: Object.fromEntries(results) as unknown,
    steps: {},
    env: {},
    runner: {},
    job: {},
  };
  return {
    github,
    vars,
    secrets: { ...secrets, GITHUB_TOKEN: token },
    inputs: inputsOf(workflow, happening),
    ...rest,
  };
}

/** Given ones, else their defaults; only a dispatch by hand has any. */
function inputsOf(workflow: WorkflowFile, { event, payload }: Happening): Record<string, unknown> {
  if (event !== 'workflow_dispatch') return {};
  const dispatch = workflow.on.workflow_dispatch as { inputs?: Record<string, { default?: unknown }> } | null;
  const given = (payload.inputs ?? {}) as Record<string, unknown>;
  const names = Object.entries(dispatch?.inputs ?? {});
  return Object.fromEntries(names.map(([name, input]) => [name, given[name] ?? input.default]));
}
