import { packObjects } from '../pack-objects.ts';
import { alreadyThere, withServerWords } from '../push-answer.ts';
import {
  type NewObject,
  noAnswer,
  nothingToDelete,
  type RefUpdate,
  type RefVerdict,
} from '../ref-transport.ts';
import { failureOf } from './http-failure.ts';
import type { Elsewhere, HttpSession } from './http-session.ts';
import { lookOverHttp } from './look-over-http.ts';
import { type PushReport, pushRequest, readPushReport } from './receive-pack.ts';
import type { RecentObjects } from './recent-objects.ts';

/** By ref. */
type Verdicts = Map<string, RefVerdict>;

/**
 * One question, without a look at the refs before: the server compares. Only where the comparison of
 * `git receive-pack` has a hole, the refs are looked at as well: before a delete, and after some refusals.
 */
export async function pushOverHttp(
  session: HttpSession,
  updates: readonly RefUpdate[],
  objects: readonly NewObject[],
  recent: RecentObjects,
): Promise<RefVerdict[] | Elsewhere> {
  const verdicts = knownBefore(updates);
  const gone = await goneBefore(session, open(updates, verdicts));
  if (gone === 'elsewhere') return gone;
  for (const [ref, verdict] of gone) verdicts.set(ref, verdict);
  const judged = await pushOpen(session, open(updates, verdicts), objects, recent);
  if (judged === 'elsewhere') return judged;
  for (const [ref, verdict] of judged) verdicts.set(ref, verdict);
  return updates.map(({ ref }) => verdicts.get(ref) ?? noAnswer);
}

function open(updates: readonly RefUpdate[], verdicts: Verdicts): RefUpdate[] {
  return updates.filter(({ ref }) => !verdicts.has(ref));
}

/** What changes nothing cannot be won, but a server would say "ok" to it. */
function knownBefore(updates: readonly RefUpdate[]): Verdicts {
  const idle = updates.filter(({ expected, next }) => expected === next);
  return new Map(idle.map(({ ref, next }) => [ref, next === null ? nothingToDelete : alreadyThere]));
}

/**
 * A server that does not have the expected commit any more deletes whatever the ref holds, and one where the
 * ref is gone already says "ok". A commit that was there a moment ago is not collected that soon.
 */
async function goneBefore(
  session: HttpSession,
  updates: readonly RefUpdate[],
): Promise<Verdicts | Elsewhere> {
  return staleRefs(
    session,
    updates.filter(({ next }) => next === null),
  );
}

/** Those that are not at what was expected of them. */
async function staleRefs(session: HttpSession, updates: readonly RefUpdate[]): Promise<Verdicts | Elsewhere> {
  const now = await lookOverHttp(
    session,
    updates.map(({ ref }) => ref),
  );
  if (now === 'elsewhere') return now;
  const stale = updates.filter(({ ref, expected }) => (now.get(ref) ?? null) !== expected);
  return new Map(
    stale.map(({ ref, expected }) => {
      const detail = `${ref} is at ${now.get(ref) ?? 'nothing'} but expected ${expected ?? 'nothing'}`;
      return [ref, { result: 'lost', detail, certain: true }];
    }),
  );
}

async function pushOpen(
  session: HttpSession,
  updates: readonly RefUpdate[],
  objects: readonly NewObject[],
  recent: RecentObjects,
): Promise<Verdicts | Elsewhere> {
  if (updates.length === 0) return new Map();
  const needsPack = updates.some(({ next }) => next !== null);
  const pack = needsPack ? await packObjects(recent.filled(objects)) : undefined;
  const body = await session.post('git-receive-pack', pushRequest(updates, pack), 'push to');
  if (body === 'elsewhere') return body;
  const report = readPushReport(body);
  if (report.unpackError === undefined) recent.add(objects);
  return judge(session, updates, report);
}

async function judge(
  session: HttpSession,
  updates: readonly RefUpdate[],
  report: PushReport,
): Promise<Verdicts> {
  const { verdicts, words, unpackError } = report;
  if (unpackError === undefined && !updates.some(({ ref }) => verdicts.has(ref)))
    throw silent(session, words);
  const doubtful = updates.filter(
    ({ ref }) => unpackError !== undefined || isAboutObjects(verdicts.get(ref)),
  );
  const looked = await staleRefs(session, doubtful);
  const stale: Verdicts = looked === 'elsewhere' ? new Map() : looked;
  const verdictOf = (ref: string): RefVerdict => {
    if (unpackError === undefined) return verdicts.get(ref) ?? noAnswer;
    // Its neighbours brought the pack down; without them it may be taken.
    return stale.size > 0 ? noAnswer : unpackRefusal(unpackError);
  };
  const said = (ref: string) => withServerWords(heldBack(verdictOf(ref), words, ref), words, ref);
  return new Map(updates.map(({ ref }) => [ref, stale.get(ref) ?? said(ref)]));
}

/** A lock that another push held at that moment says nothing about the ref. */
function heldBack(verdict: RefVerdict, words: readonly string[], ref: string): RefVerdict {
  const locked = words.find((line) => line.includes(`'${ref}'`) && /Unable to create .*\.lock'/.test(line));
  return verdict.result === 'lost' && locked !== undefined ? { result: 'lost', detail: locked } : verdict;
}

/** Who names a commit that was removed and collected is late, not refused. */
function isAboutObjects(verdict: RefVerdict | undefined): boolean {
  return verdict?.result === 'refused' && /missing necessary objects/.test(verdict.detail);
}

function unpackRefusal(reason: string): RefVerdict {
  return {
    result: 'refused',
    detail: `the remote could not unpack the objects: ${reason}`,
    hint: 'the remote refused the push: its reason is in the message',
  };
}

function silent({ name }: HttpSession, words: readonly string[]) {
  return failureOf(name, 'push to', ['the remote end hung up unexpectedly', ...words].join('\n'));
}
