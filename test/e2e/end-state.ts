import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanGitEnv, outputOf, runProcess } from '../support/run-process.ts';

/** What a workspace has come to. Two runs that did the same work are equal in all of it. */
export interface EndState {
  /** By kind, sorted, without what depends on time alone. */
  readonly records: Readonly<Record<string, readonly string[]>>;
  /** Every other file at the tip of the ledger branch, with times and commit ids masked. */
  readonly files: Readonly<Record<string, string>>;
  /** Files of the checkout that git does not keep on purpose. */
  readonly localFiles: readonly string[];
  /** Every ref; for a proposal's branch, what it changes. */
  readonly refs: readonly string[];
}

/** Reads the state, and says what is wrong with it in itself. An empty list of faults is a sound workspace. */
export async function endState(dir: string): Promise<{ state: EndState; faults: string[] }> {
  const git = (...args: string[]) => outputOf('git', args, { cwd: dir, env: cleanGitEnv('/') });
  const files = await committedFiles(dir, git);
  const lines = [...files].filter(([path]) => path.startsWith('state/') && path.endsWith('.jsonl'));
  const records = recordsOf(lines.map(([, content]) => content).join(''));
  const others = [...files].filter(([path]) => !path.endsWith('.jsonl'));
  const state = {
    records: mask(records),
    files: Object.fromEntries(others.map(([path, content]) => [path, maskTimes(content)])),
    localFiles: await localRejects(dir),
    refs: await refsOf(git),
  };
  return { state, faults: await faultsOf(dir, git, records, state) };
}

type Git = (...args: string[]) => Promise<string>;

/** What git tracks. Read from the disk, which is the same while `git status` has nothing to say. */
async function committedFiles(dir: string, git: Git): Promise<Map<string, string>> {
  const names = (await git('ls-tree', '-r', '--name-only', 'main')).split('\n');
  const changing = names.filter((name) => /^(?:state\/.*jsonl|queue\/|personas\/solver\.yaml)/.test(name));
  const contents = await Promise.all(changing.map((name) => contentOf(join(dir, name))));
  const rest = names.filter((name) => !changing.includes(name)).map((name) => [name, 'as it was'] as const);
  return new Map([...changing.map((name, at) => [name, contents[at] ?? ''] as const), ...rest]);
}

/** A link is read, never followed. */
async function contentOf(path: string): Promise<string> {
  return readlink(path).catch(() => readFile(path, 'utf8').catch(() => 'is not there'));
}

type RecordLine = Readonly<Record<string, unknown>>;

function recordsOf(text: string): RecordLine[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as RecordLine);
}

/** Fields that say when or in which commit, and ids that are computed from them. */
const timely: Readonly<Record<string, readonly string[]>> = {
  analysis_run: ['id', 'analysis_id', 'input'],
  patch_decision: ['decided_at', 'commit_hash'],
};

function mask(records: readonly RecordLine[]): Record<string, string[]> {
  const kinds: Record<string, string[]> = {};
  for (const record of records) {
    const kind = String(record.kind);
    // A pass that dies leaves no record of itself; how many there are says nothing.
    if (kind === 'pass') continue;
    const hidden = ['recorded_at', ...(timely[kind] ?? [])];
    const shown = Object.entries(record).filter(([field]) => !hidden.includes(field));
    kinds[kind] = [...(kinds[kind] ?? []), JSON.stringify(Object.fromEntries(shown))];
  }
  for (const lines of Object.values(kinds)) lines.sort();
  return kinds;
}

function maskTimes(content: string): string {
  return content
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replaceAll(/^head: [0-9a-f]{40}$/gm, 'head: COMMIT');
}

async function localRejects(dir: string): Promise<string[]> {
  const all = await readdir(join(dir, 'queue'), { recursive: true });
  return all.filter((path) => path.includes('.local') && !path.endsWith('.md')).sort();
}

async function refsOf(git: Git): Promise<string[]> {
  const refs = (await git('for-each-ref', '--format=%(refname)')).split('\n');
  return Promise.all(
    refs.map(async (ref) => (isProposal(ref) ? `${ref} ${await changesOf(git, ref)}` : ref)),
  );
}

function isProposal(ref: string): boolean {
  return ref.startsWith('refs/heads/millwright/');
}

/** The new blob and the path of every file that the one commit of a proposal changes. */
function changesOf(git: Git, ref: string): Promise<string> {
  return git('diff', '--raw', '--no-abbrev', `${ref}^`, ref);
}

async function faultsOf(
  dir: string,
  git: Git,
  records: readonly RecordLine[],
  state: EndState,
): Promise<string[]> {
  const fsck = await runProcess('git', ['fsck', '--strict', '--no-dangling', '--no-progress'], {
    cwd: dir,
    env: cleanGitEnv('/'),
  });
  return [
    ...repeated(records.map(({ kind, id }) => `${String(kind)} ${String(id)}`)).map((id) => `twice: ${id}`),
    ...(await lines(git('status', '--porcelain'))).map((line) => `not clean: ${line}`),
    ...(fsck.code === 0 ? [] : [`git fsck: ${fsck.stdout}${fsck.stderr}`]),
    ...(await leftovers(dir)).map((path) => `left behind: ${path}`),
    ...(await waiting(dir)).map((path) => `still in the inbox: ${path}`),
    ...Object.keys(state.files).filter((path) => /^queue\/inbox\/.*\/[^.]/.test(path)),
    ...state.refs.filter((ref) => ref.startsWith('refs/millwright/')).map((ref) => `cell left: ${ref}`),
  ];
}

async function lines(text: Promise<string>): Promise<string[]> {
  return (await text).split('\n').filter((line) => line !== '');
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, at) => names.indexOf(name) !== at);
}

/**
 * Locks and marks of work under way. Loose objects, the draft of a lock that its maker did not live to take, and
 * the lock of a dead builder of the projection (the next builder takes it over) hold nobody up: they do not count.
 */
async function leftovers(dir: string): Promise<string[]> {
  const all = await readdir(dir, { recursive: true });
  return all.filter(
    (path) =>
      path !== '.millwright/history.duckdb.lock' &&
      (/\.lock(?:\.stale.*)?$|\.tmp$|index\.millwright|millwright-move/.test(path) ||
        /^\.millwright\/load-/.test(path)),
  );
}

async function waiting(dir: string): Promise<string[]> {
  const all = await readdir(join(dir, 'queue/inbox'), { recursive: true, withFileTypes: true });
  return all.filter((entry) => !entry.isDirectory() && entry.name !== '.gitkeep').map(({ name }) => name);
}
