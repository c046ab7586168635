import { type Answer, invalid, ok } from '../answer.ts';
import { type Call, type Route, textOf, textsOf } from '../call.ts';
import { withIssue } from '../find-thread.ts';
import { paged } from '../paginate.ts';
import { sortedThreads } from '../sort-threads.ts';
import { addThread, closeThread, isPull, reopenThread } from '../thread-state.ts';
import { editWords, wordErrors } from '../thread-words.ts';
import { eventView } from '../views/event-view.ts';
import { issueView } from '../views/issue-view.ts';
import type { Thread } from '../world.ts';
import { reopenProblem, reopenPull } from './edit-pull.ts';
import { setLabels } from './label-routes.ts';

export const issueRoutes: readonly Route[] = [
  { method: 'GET', path: '/issues', needs: 'issues=read', answer: listIssues },
  { method: 'POST', path: '/issues', needs: 'issues=write', answer: createIssue },
  {
    method: 'GET',
    path: '/issues/{number}',
    needs: 'issues=read; pull_requests=read',
    answer: (call) => withIssue(call, (thread) => ok(issueView(call.world, call.origin, thread, true))),
  },
  {
    method: 'PATCH',
    path: '/issues/{number}',
    needs: 'issues=write; pull_requests=write',
    answer: (call) => withIssue(call, (thread) => editIssue(call, thread)),
  },
  {
    method: 'GET',
    path: '/issues/{number}/events',
    needs: 'issues=read; pull_requests=read',
    answer: (call) =>
      withIssue(call, (thread) =>
        paged(call, thread.events, (event) => eventView(call.world, call.origin, event)),
      ),
  },
];

function listIssues(call: Call): Answer {
  const labels = (call.query.get('labels') ?? '').split(',').filter((name) => name !== '');
  const creator = call.query.get('creator');
  const since = call.query.get('since');
  const wanted = sortedThreads(call, [...call.world.threads.values()]).filter(
    (thread) =>
      labels.every((name) => hasLabel(thread, name)) &&
      (creator === null || thread.user === creator) &&
      (since === null || Date.parse(thread.updatedAt) >= Date.parse(since)),
  );
  return paged(call, wanted, (thread) => issueView(call.world, call.origin, thread));
}

function hasLabel(thread: Thread, name: string): boolean {
  return thread.labels.some((label) => label.toLowerCase() === name.toLowerCase());
}

function createIssue(call: Call): Answer {
  const title = textOf(call, 'title');
  if (title === undefined) return invalid({ resource: 'Issue', code: 'missing_field', field: 'title' });
  const errors = wordErrors(call);
  if (errors.length > 0) return invalid(...errors);
  const body = textOf(call, 'body') ?? null;
  const thread = addThread(call.world, { title, body, user: call.actor.login });
  setLabels(call.world, thread, textsOf(call, 'labels') ?? [], call.actor.login);
  return ok(issueView(call.world, call.origin, thread, true), 201);
}

function editIssue(call: Call, thread: Thread): Answer {
  const { world, actor } = call;
  const errors = wordErrors(call);
  const state = textOf(call, 'state');
  if (errors.length > 0) return invalid(...errors);
  const problem =
    state === 'open' && thread.state === 'closed' && isPull(thread) && reopenProblem(world, thread);
  if (typeof problem === 'string')
    return invalid({ resource: 'PullRequest', code: 'custom', field: 'state', message: problem });
  const labels = textsOf(call, 'labels');
  if (labels !== undefined) setLabels(world, thread, labels, actor.login);
  editWords(call, thread);
  if (state === 'closed') closeThread(world, thread, actor.login, textOf(call, 'state_reason') ?? null);
  if (state === 'open') reopen(call, thread);
  return ok(issueView(world, call.origin, thread, true));
}

function reopen(call: Call, thread: Thread): void {
  if (thread.state === 'open') return;
  if (isPull(thread)) reopenPull(call.world, thread, call.actor.login);
  else reopenThread(call.world, thread, call.actor.login);
}
