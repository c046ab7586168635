import { type Answer, ok } from './answer.ts';
import type { Call } from './call.ts';

interface Page<T> {
  readonly entries: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

/** The page that a request asks for, and the links to the others. */
function pageOf<T>(call: Call, all: readonly T[]): Page<T> {
  const size = Math.min(numberOf(call, 'per_page', 30), call.world.options.pageLimit ?? 100);
  const page = numberOf(call, 'page', 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const link = linksOf(call, page, last);
  return {
    entries: all.slice((page - 1) * size, page * size),
    headers: link === '' ? {} : { link },
  };
}

/** As an answer; only what is on the page is shown, because showing costs. */
export function paged<T>(
  call: Call,
  all: readonly T[],
  view: (entry: T) => unknown,
  wrap?: (entries: unknown[]) => unknown,
): Answer {
  const { entries, headers } = pageOf(call, all);
  const body = entries.map(view);
  return { ...ok(wrap === undefined ? body : wrap(body)), headers };
}

function numberOf(call: Call, name: string, otherwise: number): number {
  const value = Number(call.query.get(name));
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}

function linksOf(call: Call, page: number, last: number): string {
  const links = [
    ...(page > 1 ? [linkTo(call, Math.min(page - 1, last), 'prev')] : []),
    ...(page < last ? [linkTo(call, page + 1, 'next'), linkTo(call, last, 'last')] : []),
    ...(page > 1 ? [linkTo(call, 1, 'first')] : []),
  ];
  return links.join(', ');
}

/** GitHub writes the repository by its number here. */
function linkTo(call: Call, page: number, rel: string): string {
  const query = new URLSearchParams(call.query);
  query.set('page', String(page));
  const path = call.path.replace(/^\/repos\/[^/]+\/[^/]+/, `/repositories/${call.world.repositoryId}`);
  return `<${call.origin}${path}?${query}>; rel="${rel}"`;
}
