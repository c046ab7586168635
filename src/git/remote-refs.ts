import { maskSecrets } from '../contracts/secrets.ts';
import { type GitRun, git } from './program.ts';
import { parsePushAnswer } from './push-answer.ts';
import type { RefTransport, RefUpdate, RefVerdict } from './ref-transport.ts';
import { remoteFailure } from './remote-failure.ts';
import type { Oid, Repository } from './repository.ts';

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
    read: (refs) => readRemote(context, refs),
    list: (prefix) => listRemote(context, [`${prefix}*`]),
    push: (updates) => pushRemote(context, updates),
  };
}

interface Context {
  readonly run: GitRun;
  readonly name: string;
  readonly remote: string;
}

async function listRemote(context: Context, patterns: readonly string[]): Promise<Map<string, Oid>> {
  const answer = await git(['ls-remote', '--refs', '--', context.remote, ...patterns], context.run);
  if (answer.code !== 0) throw remoteFailure(context.name, 'ask', answer);
  const lines = answer.stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
}

/** Asks first and fetches only what is not here yet: most passes find nothing new. */
async function readRemote(context: Context, refs: readonly string[]): Promise<Map<string, Oid>> {
  for (let attempt = 0; ; attempt += 1) {
    const listed = await listRemote(context, refs);
    const found = new Map([...listed].filter(([ref]) => refs.includes(ref)));
    const missing = await missingCommits(context, [...found.values()]);
    const wanted = [...found].filter(([, oid]) => missing.has(oid)).map(([ref]) => ref);
    if (wanted.length === 0) return found;
    const answer = await git(
      [
        'fetch',
        '--quiet',
        '--no-tags',
        '--no-write-fetch-head',
        '--no-auto-maintenance',
        '--',
        context.remote,
        ...wanted,
      ],
      context.run,
    );
    // A ref that vanished between the question and the fetch is asked for again.
    if (
      answer.code !== 0 &&
      !(
        attempt < 3 &&
        /couldn't find remote ref|cannot lock ref|unable to update local ref/.test(answer.stderr)
      )
    )
      throw remoteFailure(context.name, 'fetch from', answer);
  }
}

async function missingCommits(context: Context, oids: readonly Oid[]): Promise<Set<Oid>> {
  if (oids.length === 0) return new Set();
  // `-e` alone would accept a commit whose tree never arrived: an interrupted fetch leaves no such thing.
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
  const answer = await git(['push', ...options, ...leases, '--', context.remote, ...specs], context.run);
  const verdicts = parsePushAnswer(answer.stdout.toString('utf8'), updates);
  // Words of hooks come on stderr as "remote: ..." lines and belong to the refusal.
  const said = answer.stderr
    .split('\n')
    .filter((line) => line.startsWith('remote:'))
    .map((line) => line.slice(7).trim())
    .filter((line) => line !== '')
    .slice(0, 3)
    .join(' ');
  if (verdicts.every((verdict) => verdict === undefined))
    throw remoteFailure(context.name, 'push to', answer);
  return verdicts.map((verdict) =>
    withWords(verdict ?? { result: 'lost', detail: 'the remote gave no answer for this ref' }, said),
  );
}

function withWords(verdict: RefVerdict, said: string): RefVerdict {
  return verdict.result === 'refused' && said !== ''
    ? { ...verdict, detail: `${verdict.detail}: ${said}` }
    : verdict;
}
