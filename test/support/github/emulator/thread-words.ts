import type { FieldError } from './answer.ts';
import { type Call, textOf } from './call.ts';
import { note } from './thread-state.ts';
import type { Thread } from './world.ts';

const LONGEST_BODY = 65_536;
const LONGEST_TITLE = 256;

/** What is wrong with the title and body of a request. GitHub speaks of an issue even when it is a pull request. */
export function wordErrors(call: Call): FieldError[] {
  const { title, body } = call.body;
  const resource = 'Issue';
  return [
    ...(typeof title === 'string' && title.trim() === ''
      ? [{ resource, code: 'missing_field', field: 'title' }]
      : []),
    ...tooLong(resource, 'title', title, LONGEST_TITLE),
    ...tooLong(resource, 'body', body, LONGEST_BODY),
  ];
}

/** Writes the title and body of a request, where it has them. */
export function editWords(call: Call, thread: Thread): void {
  const title = textOf(call, 'title') ?? thread.title;
  if (title !== thread.title) {
    const rename = { from: thread.title, to: title };
    note(call.world, thread, 'renamed', call.actor.login, { data: { rename } });
  }
  thread.title = title;
  if (call.body.body !== undefined) thread.body = textOf(call, 'body') ?? null;
  thread.updatedAt = call.world.stamp();
}

/** The same as `wordErrors` for a comment, which needs its body. */
export function commentErrors(call: Call): FieldError[] {
  const resource = 'IssueComment';
  const { body } = call.body;
  if (typeof body !== 'string' || body.trim() === '')
    return [{ resource, code: 'unprocessable', field: 'data', message: 'Body cannot be blank' }];
  return tooLong(resource, 'body', body, LONGEST_BODY);
}

function tooLong(resource: string, field: string, value: unknown, most: number): FieldError[] {
  if (typeof value !== 'string' || value.length <= most) return [];
  return [
    { resource, code: 'custom', field, message: `${field} is too long (maximum is ${most} characters)` },
  ];
}
