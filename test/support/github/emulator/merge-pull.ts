import { followRefs } from './follow-refs.ts';
import { type MergeWords, makeMerge } from './merge-commit.ts';
import type { MergeMethod } from './options.ts';
import { markMerged } from './thread-state.ts';
import type { PullThread, World } from './world.ts';

/** Merges an open pull request and moves its base. @returns the commit on the base, undefined for a conflict */
export async function mergePull(
  world: World,
  thread: PullThread,
  method: MergeMethod,
  login: string,
  words: Partial<MergeWords> = {},
): Promise<string | undefined> {
  const { pull } = thread;
  const ref = `refs/heads/${pull.base}`;
  const base = world.refs.get(ref) ?? pull.baseSha;
  const spoken = { ...defaultWords(world, thread, method), ...words };
  const commit = await makeMerge(world.git, method, base, pull.headSha, spoken, { login, now: world.now() });
  if (commit === undefined) return undefined;
  await world.git.run(['update-ref', ref, commit, base]);
  markMerged(world, thread, login, commit);
  await followRefs(world, login);
  return commit;
}

/** What GitHub writes when nobody says otherwise. */
function defaultWords(world: World, { number, title, pull }: PullThread, method: MergeMethod): MergeWords {
  const [owner = ''] = pull.headRepository.split('/');
  if (method === 'merge')
    return { title: `Merge pull request #${number} from ${owner}/${pull.headBranch}`, body: title };
  const commits = world.git.between(pull.comparedWith, pull.headSha);
  const list = commits.map(({ message }) => `* ${message}`).join('\n\n');
  const [only] = commits;
  const body = commits.length === 1 ? (only?.message.split('\n').slice(2).join('\n') ?? '') : list;
  return { title: `${title} (#${number})`, body };
}
