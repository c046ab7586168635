import type { ObjectStore } from '../object-store.ts';
import type { GitRun } from '../program.ts';
import type { RefTransport } from '../ref-transport.ts';
import type { Oid } from '../repository.ts';
import { fetchRequest, readFetchedPack, storePack } from './fetch-pack.ts';
import { failureOf } from './http-failure.ts';
import type { Elsewhere, HttpSession } from './http-session.ts';
import { lookOverHttp } from './look-over-http.ts';

interface ReadContext {
  readonly session: HttpSession;
  readonly store: ObjectStore;
  readonly run: GitRun;
  readonly otherwise: RefTransport;
  isSmall(ref: string): boolean;
}

/** Asks first and fetches only what is not here yet: small refs here, others by the git program. */
export async function readOverHttp(
  context: ReadContext,
  refs: readonly string[],
  again: boolean,
): Promise<Map<string, Oid> | Elsewhere> {
  for (let attempt = 0; ; attempt += 1) {
    const found = await lookOverHttp(context.session, refs);
    if (found === 'elsewhere') return found;
    const missing = again ? [...found.keys()] : await missingRefs(context, found);
    const fetched = await fetchSmall(context, found, missing.filter(context.isSmall));
    if (fetched === 'elsewhere') return fetched;
    const others = missing.filter((ref) => !context.isSmall(ref));
    if (fetched === 'stored') return readOthers(context, found, others, again);
    if (attempt === 3)
      throw failureOf(context.session.name, 'fetch from', 'refs move faster than they are read');
  }
}

async function missingRefs({ store }: ReadContext, found: ReadonlyMap<string, Oid>): Promise<string[]> {
  const known = await Promise.all(
    [...found.values()].map(async (oid) => (await store.read(oid)) !== undefined),
  );
  return [...found.keys()].filter((_, at) => !known[at]);
}

/** `moved`: a commit that the server has just named is gone. */
async function fetchSmall(
  { session, run }: ReadContext,
  found: ReadonlyMap<string, Oid>,
  refs: readonly string[],
): Promise<'stored' | 'moved' | Elsewhere> {
  const wants = new Set(refs.map((ref) => found.get(ref) ?? ''));
  if (wants.size === 0) return 'stored';
  const body = await session.post('git-upload-pack', fetchRequest([...wants]), 'fetch from');
  if (body === 'elsewhere') return body;
  const pack = readFetchedPack(body);
  if (pack === undefined) return 'moved';
  await storePack(run, pack);
  return 'stored';
}

async function readOthers(
  { otherwise }: ReadContext,
  found: Map<string, Oid>,
  refs: readonly string[],
  again: boolean,
): Promise<Map<string, Oid>> {
  const now = refs.length === 0 ? new Map<string, Oid>() : await otherwise.read(refs, again);
  const kept = [...found].filter(([ref]) => !refs.includes(ref));
  return new Map([...kept, ...now]);
}
