import { type Answer, ok, refused } from '../answer.ts';
import { type Call, type Route, textsOf } from '../call.ts';
import { withPull } from '../find-thread.ts';
import { note } from '../thread-state.ts';
import { pullView } from '../views/pull-view.ts';
import type { PullThread, World } from '../world.ts';

const path = '/pulls/{number}/requested_reviewers';

export const reviewerRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    needs: 'pull_requests=read',
    answer: (call) => withPull(call, (thread) => ok(listed(call, thread))),
  },
  {
    method: 'POST',
    path,
    needs: 'pull_requests=write',
    answer: (call) => withPull(call, (thread) => request(call, thread)),
  },
  {
    method: 'DELETE',
    path,
    needs: 'pull_requests=write',
    answer: (call) => withPull(call, (thread) => remove(call, thread)),
  },
];

function listed(call: Call, thread: PullThread): unknown {
  const view = pullView(call.world, call.origin, thread);
  return { users: view.requested_reviewers, teams: view.requested_teams };
}

function request(call: Call, thread: PullThread): Answer {
  const reviewers = textsOf(call, 'reviewers') ?? [];
  const teams = textsOf(call, 'team_reviewers') ?? [];
  const problem = reviewProblem(call.world, thread, reviewers, teams);
  if (problem !== undefined) return refused(422, problem);
  const { pull } = thread;
  pull.reviewers = [...new Set([...pull.reviewers, ...reviewers])];
  pull.teams = [...new Set([...pull.teams, ...teams])];
  for (const login of reviewers)
    note(call.world, thread, 'review_requested', call.actor.login, { data: { requested: login } });
  return ok(pullView(call.world, call.origin, thread), 201);
}

function reviewProblem(
  world: World,
  thread: PullThread,
  reviewers: readonly string[],
  teams: readonly string[],
): string | undefined {
  const [owner = ''] = world.repository.split('/');
  const people = [owner, ...(world.options.collaborators ?? ['ada', 'grace'])];
  const groups = world.options.teams ?? ['reviewers'];
  if (reviewers.includes(thread.user)) return 'Review cannot be requested from pull request author.';
  const isKnown =
    reviewers.every((login) => people.includes(login)) && teams.every((team) => groups.includes(team));
  if (isKnown) return undefined;
  const who = 'One or more of the users or teams you specified is not a collaborator';
  return `Reviews may only be requested from collaborators. ${who} of the ${world.repository} repository.`;
}

function remove(call: Call, thread: PullThread): Answer {
  const { pull } = thread;
  const reviewers = textsOf(call, 'reviewers') ?? [];
  const teams = textsOf(call, 'team_reviewers') ?? [];
  pull.reviewers = pull.reviewers.filter((login) => !reviewers.includes(login));
  pull.teams = pull.teams.filter((team) => !teams.includes(team));
  return ok(pullView(call.world, call.origin, thread));
}
