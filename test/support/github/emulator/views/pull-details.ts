import { mergedTree } from '../merge-commit.ts';
import type { PullThread, World } from '../world.ts';
import { pullView } from './pull-view.ts';
import { userView } from './user-view.ts';

/** A pull request by itself: git says whether it can be merged and how large it is. */
export async function pullDetails(
  world: World,
  origin: string,
  thread: PullThread,
): Promise<Record<string, unknown>> {
  const { pull } = thread;
  const files = await changedFiles(world, thread);
  const { mergeable, state } = await mergeability(world, thread);
  return {
    ...pullView(world, origin, thread),
    merged: pull.mergedAt !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: state,
    merged_by: pull.mergedBy === null ? null : userView(origin, pull.mergedBy),
    comments: thread.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: world.git.between(pull.comparedWith, pull.headSha).length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

export interface ChangedFile {
  readonly path: string;
  readonly status: 'added' | 'removed' | 'modified';
  readonly sha: string | null;
  readonly additions: number;
  readonly deletions: number;
}

/** Against the commit at which the branch left its base. */
export async function changedFiles(world: World, { pull }: PullThread): Promise<ChangedFile[]> {
  const range = `${pull.comparedWith}...${pull.headSha}`;
  return cached(world, `files ${range}`, async () => {
    const args = ['diff', '--raw', '--numstat', '--no-renames', '--no-abbrev', '-z', range, '--'];
    return filesOf((await world.git.run(args)).split('\0'));
  });
}

/** `clean`, `dirty`, `blocked`, `draft`, or `unknown` once it is closed. */
export async function mergeability(
  world: World,
  { state, pull }: PullThread,
): Promise<{ mergeable: boolean | null; state: string }> {
  if (state === 'closed') return { mergeable: null, state: 'unknown' };
  const key = `merge ${pull.comparedWith} ${pull.headSha}`;
  const isClean = await cached(
    world,
    key,
    async () => (await mergedTree(world.git, pull.comparedWith, pull.headSha)) !== undefined,
  );
  if (!isClean) return { mergeable: false, state: 'dirty' };
  if (pull.draft) return { mergeable: true, state: 'draft' };
  const waits = world.options.requiredChecks === true && !pull.checksPassed;
  return { mergeable: true, state: waits ? 'blocked' : 'clean' };
}

const caches = new WeakMap<World, Map<string, unknown>>();

/** Answers about two commits never change. */
async function cached<T>(world: World, key: string, ask: () => Promise<T>): Promise<T> {
  const cache = caches.get(world) ?? new Map<string, unknown>();
  caches.set(world, cache);
  if (!cache.has(key)) cache.set(key, await ask());
  return cache.get(key) as T;
}

/** First `:modes shas status`, path of each; then `added deleted path` of each. */
function filesOf(fields: readonly string[]): ChangedFile[] {
  const files = new Map<string, ChangedFile>();
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? '';
    if (field.startsWith(':')) {
      const [, , , sha = '', letter = ''] = field.split(' ');
      const path = fields[++at] ?? '';
      const status = letter === 'A' ? 'added' : letter === 'D' ? 'removed' : 'modified';
      files.set(path, { path, status, sha: letter === 'D' ? null : sha, additions: 0, deletions: 0 });
    } else {
      const [added = '', deleted = '', ...path] = field.split('\t');
      const file = files.get(path.join('\t'));
      const count = { additions: Number(added) || 0, deletions: Number(deleted) || 0 };
      if (file !== undefined) files.set(file.path, { ...file, ...count });
    }
  }
  return [...files.values()];
}
