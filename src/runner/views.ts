import { readdir, readFile } from 'node:fs/promises';
import { parseViewFile, type View } from '../history/view-file.ts';

/**
 * The rooms that have views, in order, and within a room by name: a view may use those before it. Effects come
 * after the outcomes that they compare, recommendations after patches.
 */
const rooms = ['history', 'runner', 'llm', 'queue', 'forge', 'feedback', 'agents'] as const;

/** Every view of the history, in an order in which they can be created. Throws `bad-view`. */
export async function allViews(): Promise<View[]> {
  const views = await Promise.all(rooms.map(viewsOf));
  return views.flat();
}

/** The SQL lies beside the sources and is shipped with them; this path holds from `src` and from `dist`. */
async function viewsOf(room: string): Promise<View[]> {
  const folder = new URL(`../../src/${room}/views/`, import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql'));
  return Promise.all(
    // Without the ending: queue_latency comes before queue_latency_by_kind.
    names
      .map((name) => name.slice(0, -'.sql'.length))
      .sort()
      .map(async (name) => parseViewFile(name, await readFile(new URL(`${name}.sql`, folder), 'utf8'))),
  );
}
