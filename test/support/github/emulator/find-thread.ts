import { type Answer, notFound } from './answer.ts';
import type { Call } from './call.ts';
import { isPull } from './thread-state.ts';
import type { PullThread, Thread } from './world.ts';

/** Answers about the pull request of the path, or that there is none. */
export function withPull(
  call: Call,
  answer: (thread: PullThread) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  const thread = call.world.threads.get(Number(call.params.number));
  return isPull(thread) ? answer(thread) : notFound();
}

/** The same for issues; a pull request is one as well. */
export function withIssue(
  call: Call,
  answer: (thread: Thread) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  const thread = call.world.threads.get(Number(call.params.number));
  return thread === undefined ? notFound() : answer(thread);
}
