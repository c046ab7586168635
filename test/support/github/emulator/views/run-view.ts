import type { RunFacts, WorkflowFacts, World } from '../world.ts';
import { repositoryView } from './repository-view.ts';
import { nodeId, userView } from './user-view.ts';

export function runView(
  world: World,
  origin: string,
  flow: WorkflowFacts,
  run: RunFacts,
): Record<string, unknown> {
  const repo = `${origin}/repos/${world.repository}`;
  const url = `${repo}/actions/runs/${run.id}`;
  const sha = world.refs.get(`refs/heads/${run.branch}`) ?? '0'.repeat(40);
  const repository = repositoryView(world, origin, world.repository);
  return {
    id: run.id,
    node_id: nodeId('WFR', run.id),
    name: flow.name,
    path: flow.path,
    display_title: flow.name,
    head_branch: run.branch,
    head_sha: sha,
    run_number: flow.runs.indexOf(run) + 1,
    run_attempt: 1,
    event: run.event,
    status: 'completed',
    conclusion: run.conclusion,
    workflow_id: flow.id,
    check_suite_id: run.id,
    check_suite_node_id: nodeId('CS', run.id),
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.createdAt,
    run_started_at: run.createdAt,
    actor: userView(origin, 'github-actions[bot]'),
    url,
    html_url: `${origin}/${world.repository}/actions/runs/${run.id}`,
    ...runLinks(repo, url, flow, run),
    head_commit: headCommit(world, sha),
    repository,
    head_repository: repository,
  };
}

function runLinks(repo: string, url: string, flow: WorkflowFacts, run: RunFacts): Record<string, unknown> {
  return {
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repo}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${repo}/actions/workflows/${flow.id}`,
  };
}

function headCommit(world: World, sha: string): Record<string, unknown> | null {
  if (/^0+$/.test(sha)) return null;
  const { tree, message, author, committer } = world.git.facts(sha);
  const person = ({ name, email }: { name: string; email: string }) => ({ name, email });
  return {
    id: sha,
    tree_id: tree,
    message,
    timestamp: committer.date,
    author: person(author),
    committer: person(committer),
  };
}
