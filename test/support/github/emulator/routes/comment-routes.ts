import { type Answer, invalid, notFound, ok } from '../answer.ts';
import { type Call, type Route, textOf } from '../call.ts';
import { withIssue } from '../find-thread.ts';
import { paged } from '../paginate.ts';
import { addComment } from '../thread-state.ts';
import { commentErrors } from '../thread-words.ts';
import { commentView } from '../views/comment-view.ts';
import type { Remark, Thread } from '../world.ts';

const reads = 'issues=read; pull_requests=read';
const writes = 'issues=write; pull_requests=write';

export const commentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/issues/{number}/comments',
    needs: reads,
    answer: (call) => withIssue(call, (thread) => list(call, thread)),
  },
  {
    method: 'POST',
    path: '/issues/{number}/comments',
    needs: writes,
    answer: (call) => withIssue(call, (thread) => create(call, thread)),
  },
  {
    method: 'GET',
    path: '/issues/comments/{comment}',
    needs: reads,
    answer: (call) =>
      withComment(call, (thread, comment) => ok(commentView(call.world, call.origin, thread, comment))),
  },
  {
    method: 'PATCH',
    path: '/issues/comments/{comment}',
    needs: writes,
    answer: (call) => withComment(call, (thread, comment) => edit(call, thread, comment)),
  },
  {
    method: 'DELETE',
    path: '/issues/comments/{comment}',
    needs: writes,
    answer: (call) => withComment(call, remove),
  },
];

/** Oldest first. */
function list(call: Call, thread: Thread): Answer {
  return paged(call, thread.comments, (comment) => commentView(call.world, call.origin, thread, comment));
}

function create(call: Call, thread: Thread): Answer {
  const errors = commentErrors(call);
  if (errors.length > 0) return invalid(...errors);
  addComment(call.world, thread, textOf(call, 'body') ?? '', call.actor.login);
  const comment = thread.comments.at(-1);
  return comment === undefined ? notFound() : ok(commentView(call.world, call.origin, thread, comment), 201);
}

function withComment(call: Call, answer: (thread: Thread, comment: Remark) => Answer): Answer {
  const id = Number(call.params.comment);
  for (const thread of call.world.threads.values()) {
    const comment = thread.comments.find((known) => known.id === id);
    if (comment !== undefined) return answer(thread, comment);
  }
  return notFound();
}

function edit(call: Call, thread: Thread, comment: Remark): Answer {
  const errors = commentErrors(call);
  if (errors.length > 0) return invalid(...errors);
  comment.body = textOf(call, 'body') ?? '';
  comment.updatedAt = call.world.stamp();
  return ok(commentView(call.world, call.origin, thread, comment));
}

function remove(thread: Thread, comment: Remark): Answer {
  thread.comments.splice(thread.comments.indexOf(comment), 1);
  return { status: 204 };
}
