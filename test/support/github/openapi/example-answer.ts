import type { Upstream } from '../pass-on.ts';
import { type Content, type Description, type Operation, resolved } from './description.ts';

/** The first example of the first good answer, or of the one with this status. */
export function exampleAnswer(description: Description, operation: Operation, wanted?: string): Upstream {
  const statuses = Object.keys(operation.responses);
  const status = wanted ?? statuses.find((known) => known.startsWith('2')) ?? '204';
  const described = operation.responses[status];
  const content = described === undefined ? undefined : resolved(description, described).content;
  const example = exampleOf(description, content) ?? refusal(status);
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  if (content === undefined && !isRefusal(status)) return { status: Number(status), headers: {}, body: '' };
  return { status: Number(status), headers, body: JSON.stringify(example) };
}

function exampleOf(description: Description, content: Content | undefined): unknown {
  const [first] = Object.values(Object.values(content ?? {})[0]?.examples ?? {});
  return first === undefined ? undefined : resolved<{ value?: unknown }>(description, first).value;
}

function isRefusal(status: string): boolean {
  return Number(status) >= 400;
}

function refusal(status: string): unknown {
  return { message: `An example of ${status}`, documentation_url: 'https://docs.github.com/rest', status };
}
