import { nulFields } from '../../../git/file-changes.ts';
import { gitBytes } from '../../../git/program.ts';
import type { Oid } from '../../../git/repository.ts';

/** One path that a commit left in another state than all of its parents had it in. */
export interface CommitChange {
  readonly path: string;
  /** `<mode> <oid>`; `absent` where it is gone. */
  readonly state: string;
}

export interface Commit {
  readonly oid: Oid;
  readonly parents: readonly Oid[];
  /** Address, then seconds since 1970. */
  readonly author: string;
  readonly committer: string;
  /** In the order of the message; one key may come twice. */
  readonly trailers: readonly (readonly [key: string, value: string])[];
  readonly changes: readonly CommitChange[];
}

const FORMAT = ['%H', '%P', '%ae %at', '%ce %ct', '%(trailers:only,unfold)'].join('%x00');
const plain = ['--no-renames', '--no-abbrev', '--no-show-signature', '--no-notes', '--no-color'];

/**
 * The commits that are reachable from `heads` and from none of `without`, newest first. A merge is held against all
 * of its parents: what it took over from one of them is no change of its own.
 */
export async function readCommits(
  root: string,
  heads: readonly Oid[],
  without: readonly Oid[],
  folders: readonly string[] = [],
): Promise<Commit[]> {
  const range = [...heads, ...without.map((oid) => `^${oid}`)];
  const asked = ['-c', 'log.showRoot=true', 'log', '-z', '--raw', '-c', '--topo-order', ...plain];
  const only = folders.length === 0 ? [] : folders.map((path) => `:(top,literal)${path}`);
  const args = [...asked, '--ignore-submodules=none', `--format=${FORMAT}`, ...range, '--', ...only];
  return parseLog(nulFields(await gitBytes(args, { cwd: root })));
}

const HEADER = 5;

/** The header of a commit has a fixed number of fields, and no field holds a zero: nothing can pose as one. */
function parseLog(fields: readonly string[]): Commit[] {
  const commits: Commit[] = [];
  for (let at = 0; at < fields.length; ) {
    if (!/^[0-9a-f]{40}$/.test(fields[at] ?? '')) {
      at += 1;
      continue;
    }
    const [oid = '', parents = '', author = '', committer = '', trailers = ''] = fields.slice(
      at,
      at + HEADER,
    );
    const { changes, next } = parseChanges(fields, at + HEADER);
    const ancestors = parents.split(' ').filter((parent) => parent !== '');
    commits.push({ oid, parents: ancestors, author, committer, trailers: parseTrailers(trailers), changes });
    at = next;
  }
  return commits;
}

function parseChanges(fields: readonly string[], start: number): { changes: CommitChange[]; next: number } {
  const changes: CommitChange[] = [];
  let at = start;
  for (; ; at += 2) {
    if (fields[at] === '') at += 1;
    const raw = /^\n?(:+)(.*) [A-Z]+$/.exec(fields[at] ?? '');
    const path = fields[at + 1];
    if (raw === null || path === undefined) return { changes, next: at };
    changes.push({ path, state: stateOf(raw[1]?.length ?? 1, raw[2]?.split(' ') ?? []) });
  }
}

/** Of each parent and of the result come the modes, then the ids. */
function stateOf(parents: number, words: readonly string[]): string {
  const [mode, oid] = [words[parents] ?? '', words[2 * parents + 1] ?? ''];
  return mode === '000000' ? 'absent' : `${mode} ${oid}`;
}

function parseTrailers(text: string): [string, string][] {
  return text.split('\n').flatMap((line): [string, string][] => {
    const [, key, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? [];
    return key === undefined ? [] : [[key, (value ?? '').trim()]];
  });
}
