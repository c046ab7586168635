import { hasCode } from '../../contracts/millwright-error.ts';
import type { Oid } from '../repository.ts';
import type { Elsewhere, HttpSession } from './http-session.ts';
import { lsRefsRequest, prefixesFor, readRefList, speaksVersion2 } from './ls-refs.ts';

/** Names and targets of these refs, and of all below those that end in "/", in one question. */
export async function lookOverHttp(
  session: HttpSession,
  refs: readonly string[],
): Promise<Map<string, Oid> | Elsewhere> {
  if (refs.length === 0) return new Map();
  const listed = await ask(session, prefixesFor(refs));
  if (listed === 'elsewhere') return listed;
  // Servers answer with more than was asked for: a prefix is one of longer names as well.
  const asked = new Set(refs);
  const folders = refs.filter((ref) => ref.endsWith('/'));
  const wanted = (ref: string) => asked.has(ref) || folders.some((folder) => ref.startsWith(folder));
  return new Map([...listed].filter(([ref]) => wanted(ref)));
}

/** An older server takes the question for something else. It says what it speaks when it is asked for that. */
async function ask(session: HttpSession, prefixes: readonly string[]): Promise<Map<string, Oid> | Elsewhere> {
  try {
    const body = await session.post('git-upload-pack', lsRefsRequest(prefixes), 'ask');
    return body === 'elsewhere' ? body : readRefList(body);
  } catch (error) {
    if (!hasCode(error, 'remote-failed')) throw error;
    const advertisement = await session.advertisement();
    if (advertisement !== undefined && speaksVersion2(advertisement)) throw error;
    return 'elsewhere';
  }
}
