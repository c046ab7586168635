import { maskSecrets } from '../contracts/secrets.ts';
import { type GitResult, type GitRun, git } from './program.ts';
import { parsePushAnswer, withServerWords } from './push-answer.ts';
import { noAnswer, type RefTransport, type RefUpdate, type RefVerdict } from './ref-transport.ts';
import { remoteFailure } from './remote-failure.ts';
import type { Oid, Repository } from './repository.ts';
import { storeObjects } from './store-objects.ts';

export interface Remote {
  /** Name or address, as git takes it. */
  readonly remote: string;
  readonly address: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The refs of a remote, through the `git` program: every transport and credential that the user's git has.
 * A push names for each ref the value that it must have (`--force-with-lease=<ref>:<expected>`).
 */
export function remoteRefs(repository: Repository, remote: Remote): RefTransport {
  const run: GitRun = { cwd: repository.root, ...(remote.env === undefined ? {} : { env: remote.env }) };
  const name = maskSecrets(remote.address);
  const context = { run, name, remote: remote.remote };
  return {
    name,
    read: (refs, again = false) => readRemote(context, refs, again),
    look: (refs) => lookRemote(context, refs),
    push: async (updates, objects = []) => {
      await storeObjects(repository, objects);
      return pushRemote(context, updates);
    },
  };
}

/** More refs than this are not named one by one in a question. */
const MANY = 50;

interface Context {
  readonly run: GitRun;
  readonly name: string;
  readonly remote: string;
}

function lookRemote(context: Context, refs: readonly string[]): Promise<Map<string, Oid>> {
  const patterns = refs.map((ref) => (ref.endsWith('/') ? `${ref}*` : ref));
  return listRemote(context, patterns, (found) => refs.some((ref) => isMeant(ref, found)));
}

function isMeant(asked: string, found: string): boolean {
  return asked.endsWith('/') ? found.startsWith(asked) : found === asked;
}

/** Patterns only shorten the answer: git matches them at the end of a name, so "x/main" answers to "main". */
async function listRemote(
  context: Context,
  patterns: readonly string[],
  wanted: (ref: string) => boolean,
): Promise<Map<string, Oid>> {
  // Each ref is held against each pattern: with many of them it is cheaper to ask for all refs.
  const few = patterns.length > MANY ? [] : patterns;
  const answer = await git(['ls-remote', '--refs', '--', context.remote, ...few], context.run);
  if (answer.code !== 0) throw remoteFailure(context.name, 'ask', answer);
  const lines = answer.stdout.toString('utf8').split('\n');
  const refs = lines
    .filter((line) => line !== '')
    .map((line) => [line.slice(41), line.slice(0, 40)] as const);
  return new Map(refs.filter(([ref]) => wanted(ref)));
}

/** Asks first and fetches only what is not here yet: most passes find nothing new. */
async function readRemote(
  context: Context,
  refs: readonly string[],
  again: boolean,
): Promise<Map<string, Oid>> {
  const asked = new Set(refs);
  if (asked.size === 0) return new Map();
  for (let attempt = 0; ; attempt += 1) {
    const found = await listRemote(context, refs, (ref) => asked.has(ref));
    const missing = again ? new Set(found.values()) : await missingCommits(context, [...found.values()]);
    const wanted = [...found].filter(([, oid]) => missing.has(oid)).map(([ref]) => ref);
    if (wanted.length === 0) return found;
    const answer = await fetchRefs(context, wanted, again);
    if (answer.code === 0 && again) return found;
    if (answer.code !== 0 && !(attempt < 3 && movedMeanwhile.test(answer.stderr)))
      throw remoteFailure(context.name, 'fetch from', answer);
  }
}

/** A ref that vanished or moved between the question and the fetch is asked for again. */
const movedMeanwhile = /couldn't find remote ref|cannot lock ref|unable to update local ref/;

/**
 * Unpacked one by one, objects of a fetch that is broken off would be here in part, commits first: then a commit
 * that is here says nothing of its files. A pack is there whole or not at all.
 */
const asPack = ['-c', 'fetch.unpackLimit=1', '-c', 'transfer.unpackLimit=1'];

/** The names go through standard input: there may be thousands. */
function fetchRefs(context: Context, refs: readonly string[], again: boolean): Promise<GitResult> {
  const options = ['--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--recurse-submodules=no'];
  // A partial clone would leave out what cells are all about: their one small file.
  const whole = refs.every((ref) => /^refs\/(?:heads\/)?millwright\//.test(ref)) ? ['--no-filter'] : [];
  const anew = again ? ['--refetch'] : [];
  return git(
    [...asPack, 'fetch', '--quiet', ...options, ...whole, ...anew, '--stdin', '--', context.remote],
    {
      ...context.run,
      input: `${refs.join('\n')}\n`,
    },
  );
}

async function missingCommits(context: Context, oids: readonly Oid[]): Promise<Set<Oid>> {
  if (oids.length === 0) return new Set();
  // Packs arrive whole, so a commit that is here has its files; what others have left in part is read again.
  const answer = await git(['cat-file', '--batch-check=%(objectname)'], {
    ...context.run,
    input: `${oids.join('\n')}\n`,
  });
  const lines = answer.stdout.toString('utf8').split('\n');
  return new Set(lines.filter((line) => line.endsWith(' missing')).map((line) => line.slice(0, 40)));
}

async function pushRemote(context: Context, updates: readonly RefUpdate[]): Promise<RefVerdict[]> {
  if (updates.length === 0) return [];
  const leases = updates.map(({ ref, expected }) => `--force-with-lease=${ref}:${expected ?? ''}`);
  const specs = updates.map(({ ref, next }) => `${next ?? ''}:${ref}`);
  const options = ['--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
  const push = [...notAsMirror(context), 'push', ...options, ...leases, '--', context.remote, ...specs];
  const answer = await git(push, context.run);
  const verdicts = parsePushAnswer(answer.stdout.toString('utf8'), updates);
  if (verdicts.every((verdict) => verdict === undefined))
    throw remoteFailure(context.name, 'push to', answer);
  const said = remoteWords(answer.stderr);
  return verdicts.map((verdict, at) => withServerWords(verdict ?? noAnswer, said, updates[at]?.ref ?? ''));
}

/** A clone made with `--mirror` may push nothing but everything. */
function notAsMirror({ remote }: Context): string[] {
  return /^[\w.-]+$/.test(remote) ? ['-c', `remote.${remote}.mirror=false`] : [];
}

/** What hooks and the server say arrives on stderr as "remote: ..." lines. */
function remoteWords(stderr: string): string[] {
  const lines = stderr.split('\n').filter((line) => line.startsWith('remote:'));
  return lines.map((line) => line.slice(7).trim()).filter((line) => line !== '');
}
