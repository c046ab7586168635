import { z } from 'zod';
import { badAnswer } from './bad-answer.ts';
import type { GithubList } from './github-client.ts';
import { pageLinks } from './next-page.ts';
import { readShape } from './read-shape.ts';

/** One page as it came. */
export interface Page {
  readonly data: unknown;
  readonly link: string | undefined;
}

export type ReadPage = (place: Place) => Promise<Page>;

const MOST_PAGES = 50;
const ATTEMPTS = 2;

/**
 * All entries of a list, each once. A list that changes while it is read can lose a page or show one again; it is
 * then read once more from the start. Throws `github-bad-answer` when that is no better.
 */
export async function readList<Schema extends z.ZodType>(
  question: GithubList<Schema>,
  readPage: ReadPage,
): Promise<z.infer<Schema>[]> {
  let fault = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const read = await readOnce(question, readPage);
    if (read.result === 'whole') return read.entries;
    fault = read.fault;
  }
  throw badAnswer(fault, { action: question.action, repeatable: true });
}

type Read<T> =
  | { readonly result: 'whole'; readonly entries: T[] }
  | { readonly result: 'broken'; readonly fault: string };

type Place = Readonly<Record<string, string>>;

/** How far a reading has come. */
interface Progress {
  readonly keys: Set<string>;
  readonly places: Set<string>;
  /** The number of the last page, where a page has said it. */
  announced: number;
}

async function readOnce<Schema extends z.ZodType>(
  question: GithubList<Schema>,
  readPage: ReadPage,
): Promise<Read<z.infer<Schema>>> {
  const entries: z.infer<Schema>[] = [];
  const progress: Progress = { keys: new Set(), places: new Set(), announced: 1 };
  let place: Place | undefined = {};
  for (let page = 1; place !== undefined; page += 1) {
    if (page > (question.mostPages ?? MOST_PAGES)) {
      if (question.onCut === undefined) return broken(`the list has more than ${page - 1} pages`);
      question.onCut(entries.length);
      break;
    }
    const { data, link } = await readPage(place);
    const fresh = freshOf(progress, entriesOf(question, data));
    if (fresh === undefined) return broken(`page ${page} repeats an earlier one`);
    const read = fresh.map((entry) => readShape(question.shape, entry, { ...question, repeatable: true }));
    entries.push(...read);
    if (question.goOn !== undefined && !read.every(question.goOn)) break;
    const { next, fault } = nextPlace(progress, page, place, link);
    if (fault !== undefined) return broken(fault);
    place = next;
  }
  return { result: 'whole', entries };
}

/** Entries that no page before had; undefined for a page that has nothing else. */
function freshOf({ keys }: Progress, entries: readonly unknown[]): unknown[] | undefined {
  const fresh = entries.filter((entry) => !keys.has(keyOf(entry)));
  for (const entry of fresh) keys.add(keyOf(entry));
  return entries.length > 0 && fresh.length === 0 ? undefined : fresh;
}

function nextPlace(
  progress: Progress,
  page: number,
  place: Place,
  link: string | undefined,
): { readonly next?: Place | undefined; readonly fault?: string } {
  const { next, last } = pageLinks(link);
  progress.places.add(JSON.stringify(place));
  progress.announced = last ?? progress.announced;
  if (next === undefined && page < progress.announced)
    return { fault: `page ${page + 1} of ${progress.announced} is missing` };
  if (next !== undefined && progress.places.has(JSON.stringify(next)))
    return { fault: `page ${page} leads back` };
  return { next };
}

function broken(fault: string): { result: 'broken'; fault: string } {
  return { result: 'broken', fault };
}

function entriesOf({ within, action }: GithubList<z.ZodType>, data: unknown): unknown[] {
  const place = within === undefined ? z.array(z.unknown()) : z.object({ [within]: z.array(z.unknown()) });
  const found = readShape(place, data, { action, repeatable: true });
  return Array.isArray(found) ? found : (found[within ?? ''] ?? []);
}

/** Lists of GitHub name their entries by one of these. */
const identified = z.union([
  z.object({ id: z.union([z.number(), z.string()]) }),
  z.object({ node_id: z.string() }),
]);

function keyOf(entry: unknown): string {
  const found = identified.safeParse(entry);
  return JSON.stringify(found.success ? found.data : entry);
}
