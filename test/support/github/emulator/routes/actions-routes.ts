import { type Answer, notFound, ok, refused } from '../answer.ts';
import { type Call, type Route, textOf } from '../call.ts';
import { paged } from '../paginate.ts';
import { runView } from '../views/run-view.ts';
import { workflowView } from '../views/workflow-view.ts';
import type { WorkflowFacts } from '../world.ts';

const path = '/actions/workflows/{workflow}';

export const actionsRoutes: readonly Route[] = [
  { method: 'GET', path: '/actions/workflows', needs: 'actions=read', answer: list },
  {
    method: 'GET',
    path,
    needs: 'actions=read',
    answer: (call) => withWorkflow(call, (flow) => ok(workflowView(call.world, call.origin, flow))),
  },
  {
    method: 'GET',
    path: `${path}/runs`,
    needs: 'actions=read',
    answer: (call) => withWorkflow(call, (flow) => runs(call, flow)),
  },
  {
    method: 'PUT',
    path: `${path}/enable`,
    needs: 'actions=write',
    answer: (call) => withWorkflow(call, enable),
  },
  {
    method: 'POST',
    path: `${path}/dispatches`,
    needs: 'actions=write',
    answer: (call) => withWorkflow(call, (flow) => dispatch(call, flow)),
  },
];

function list(call: Call): Answer {
  const all = [...call.world.workflows.values()];
  return paged(
    call,
    all,
    (flow) => workflowView(call.world, call.origin, flow),
    (workflows) => ({ total_count: all.length, workflows }),
  );
}

/** By number or by the name of its file. */
function withWorkflow(call: Call, answer: (flow: WorkflowFacts) => Answer): Answer {
  const wanted = call.params.workflow ?? '';
  const flow = [...call.world.workflows.values()].find(
    ({ id, path: file }) => String(id) === wanted || file.split('/').at(-1) === wanted,
  );
  return flow === undefined ? notFound() : answer(flow);
}

/** Newest first. */
function runs(call: Call, flow: WorkflowFacts): Answer {
  const event = call.query.get('event');
  const branch = call.query.get('branch');
  const wanted = flow.runs
    .filter((run) => (event === null || run.event === event) && (branch === null || run.branch === branch))
    .reverse();
  return paged(
    call,
    wanted,
    (run) => runView(call.world, call.origin, flow, run),
    (found) => ({ total_count: wanted.length, workflow_runs: found }),
  );
}

function enable(flow: WorkflowFacts): Answer {
  flow.state = 'active';
  return { status: 204 };
}

function dispatch(call: Call, flow: WorkflowFacts): Answer {
  const { world } = call;
  const ref = (textOf(call, 'ref') ?? '').replace(/^refs\/heads\//, '');
  if (!world.refs.has(`refs/heads/${ref}`)) return refused(422, `No ref found for: ${ref}`);
  if (flow.state !== 'active')
    return refused(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  world.dispatches.push({ event: `workflow_dispatch ${flow.path}`, payload: call.body.inputs });
  flow.runs.push({
    id: world.nextId(),
    event: 'workflow_dispatch',
    branch: ref,
    createdAt: world.stamp(),
    conclusion: 'success',
  });
  return { status: 204 };
}
