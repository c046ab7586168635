import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { cleanGitEnv } from '../../run-process.ts';

export interface CommitFacts {
  readonly oid: string;
  readonly parents: readonly string[];
  readonly tree: string;
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are an answer, besides 0. */
  readonly codes?: readonly number[];
}

export interface BareRepository {
  readonly dir: string;
  /** Trimmed output; rejects with git's words when git fails. */
  run(args: readonly string[], options?: RunOptions): Promise<string>;
  /** All branches and pull heads by full name. One process. */
  refs(): Promise<Map<string, string>>;
  /** Reads the facts of every commit that is reachable from the tips and not known yet. One process, or none. */
  learn(tips: readonly string[]): Promise<void>;
  facts(oid: string): CommitFacts;
  /** Whether `older` is `newer` or one of its ancestors. */
  reaches(newer: string, older: string): boolean;
  /** The commits that `head` has and `base` has not, oldest first. */
  between(base: string, head: string): CommitFacts[];
}

const FIELDS = ['%H', '%P', '%T', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'];

/** A bare repository, with everything that was once read of its commits: they never change. */
export function openBareRepository(dir: string): BareRepository {
  const known = new Map<string, CommitFacts>();
  const ancestry = new Map<string, ReadonlySet<string>>();
  const run = (args: readonly string[], options: RunOptions = {}) => runGit(dir, args, options);
  const facts = (oid: string): CommitFacts => {
    const found = known.get(oid);
    if (found === undefined) throw new Error(`the commit ${oid} was never read`);
    return found;
  };
  const ancestors = (oid: string): ReadonlySet<string> => {
    const found = ancestry.get(oid) ?? walk(facts, oid);
    // The sets of old bases are of no use any more.
    if (ancestry.size > 20) ancestry.clear();
    ancestry.set(oid, found);
    return found;
  };
  return {
    dir,
    run,
    refs: () => readRefs(run),
    learn: (tips) => learnCommits(run, known, tips),
    facts,
    reaches: (newer, older) => newer === older || ancestors(newer).has(older),
    between: (base, head) => [...walk(facts, head, ancestors(base))].map(facts).reverse(),
  };
}

async function runGit(dir: string, args: readonly string[], options: RunOptions): Promise<string> {
  const env = { ...cleanGitEnv('/nonexistent'), ...options.env };
  const child = spawn('git', ['--git-dir', dir, ...args], { env });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  // A program that ends before it has read everything says why by its exit code.
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  const [code, output, words] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  if (code === 0 || options.codes?.includes(code ?? -1)) return output.replace(/\n$/, '');
  throw new Error(`git ${args.join(' ')} ended with ${code}: ${words}`);
}

type Run = BareRepository['run'];

async function readRefs(run: Run): Promise<Map<string, string>> {
  const lines = await run(['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/pull']);
  const pairs = lines.split('\n').filter((line) => line !== '');
  return new Map(pairs.map((line) => [line.slice(41), line.slice(0, 40)]));
}

async function learnCommits(
  run: Run,
  known: Map<string, CommitFacts>,
  tips: readonly string[],
): Promise<void> {
  const fresh = [...new Set(tips)].filter((tip) => !known.has(tip));
  if (fresh.length === 0) return;
  const input = [...fresh, ...leaves(known).map((oid) => `^${oid}`), ''].join('\n');
  const format = `--format=tformat:${FIELDS.join('%x00')}`;
  const output = await run(['log', '-z', format, '--ignore-missing', '--stdin'], { input });
  const fields = output.split('\0');
  for (let at = 0; at + FIELDS.length <= fields.length; at += FIELDS.length) {
    const commit = commitOf(fields.slice(at, at + FIELDS.length));
    known.set(commit.oid, commit);
  }
}

/** Known commits that are nobody's parent: enough to say what is known. */
function leaves(known: ReadonlyMap<string, CommitFacts>): string[] {
  const parents = new Set([...known.values()].flatMap((commit) => commit.parents));
  return [...known.keys()].filter((oid) => !parents.has(oid));
}

function commitOf(fields: readonly string[]): CommitFacts {
  const [oid = '', parents = '', tree = '', name = '', email = '', date = ''] = fields;
  const [committer = '', committerEmail = '', committed = '', message = ''] = fields.slice(6);
  return {
    oid,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    tree,
    author: { name, email, date },
    committer: { name: committer, email: committerEmail, date: committed },
    message: message.replace(/\n+$/, ''),
  };
}

/** From a commit back through its parents, without what is in `stop`; newest first. */
function walk(
  facts: (oid: string) => CommitFacts,
  from: string,
  stop: ReadonlySet<string> = new Set(),
): Set<string> {
  const seen = new Set<string>();
  const waiting = stop.has(from) ? [] : [from];
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (seen.has(oid)) continue;
    seen.add(oid);
    waiting.push(...facts(oid).parents.filter((parent) => !stop.has(parent)));
  }
  return seen;
}
