import { type Answer, invalid, ok, refused } from '../answer.ts';
import { type Call, textOf } from '../call.ts';
import { addThread, pullThreads } from '../thread-state.ts';
import { wordErrors } from '../thread-words.ts';
import { pullDetails } from '../views/pull-details.ts';
import type { PullThread, World } from '../world.ts';

/** Opens a pull request for a branch of the repository itself. */
export async function createPull(call: Call): Promise<Answer> {
  const { world } = call;
  const refusal = settingRefusal(call);
  if (refusal !== undefined) return refusal;
  const title = textOf(call, 'title');
  if (title === undefined) return invalid({ resource: 'PullRequest', code: 'missing_field', field: 'title' });
  const problem = branchProblem(call) ?? wordProblem(call);
  if (problem !== undefined) return problem;
  const draft = call.body.draft === true;
  const pull = startPull(world, headBranchOf(call), textOf(call, 'base') ?? '', draft);
  const thread = { title, body: textOf(call, 'body') ?? null, user: call.actor.login, pull };
  const added = addThread(world, thread) as PullThread;
  return ok(await pullDetails(world, call.origin, added), 201);
}

/** What every new pull request of a branch here starts with. */
export function startPull(
  world: World,
  headBranch: string,
  base: string,
  draft: boolean,
): PullThread['pull'] {
  const baseSha = world.refs.get(`refs/heads/${base}`) ?? '';
  return {
    headRepository: world.repository,
    headBranch,
    headSha: world.refs.get(`refs/heads/${headBranch}`) ?? '',
    base,
    baseSha,
    comparedWith: baseSha,
    draft,
    mergedAt: null,
    mergedBy: null,
    mergeSha: null,
    reviewers: [],
    teams: [],
    autoMerge: null,
    checksPassed: false,
  };
}

function settingRefusal({ world, actor, body }: Call): Answer | undefined {
  const isActions = actor.login === 'github-actions[bot]';
  if (isActions && world.options.actionsMayOpenPulls === false)
    return refused(403, 'GitHub Actions is not permitted to create or approve pull requests.');
  if (body.draft === true && world.options.draftsAllowed === false)
    return refused(422, 'Draft pull requests are not supported in this repository.');
  return world.archived ? refused(403, 'Repository was archived so is read-only.') : undefined;
}

/** The head of a request, without `owner:`. */
function headBranchOf(call: Call): string {
  return (textOf(call, 'head') ?? '').replace(/^[^:/]+:/, '');
}

function branchProblem(call: Call): Answer | undefined {
  const { world } = call;
  const resource = 'PullRequest';
  const branch = headBranchOf(call);
  const base = textOf(call, 'base') ?? '';
  const [owner = ''] = world.repository.split('/');
  const head = world.refs.get(`refs/heads/${branch}`);
  const onto = world.refs.get(`refs/heads/${base}`);
  if (head === undefined) return invalid({ resource, field: 'head', code: 'invalid' });
  if (onto === undefined) return invalid({ resource, field: 'base', code: 'invalid' });
  if (world.git.reaches(onto, head)) return custom(`No commits between ${base} and ${branch}`);
  const isThere = findOpen(world, branch, base) !== undefined;
  return isThere ? custom(`A pull request already exists for ${owner}:${branch}.`) : undefined;
}

function custom(message: string): Answer {
  return invalid({ resource: 'PullRequest', code: 'custom', message });
}

/** The open pull request of a branch of this repository onto a base. */
export function findOpen(world: World, branch: string, base: string): PullThread | undefined {
  return pullThreads(world).find(
    ({ state, pull }) =>
      state === 'open' &&
      pull.headRepository === world.repository &&
      pull.headBranch === branch &&
      pull.base === base,
  );
}

function wordProblem(call: Call): Answer | undefined {
  const errors = wordErrors(call);
  return errors.length === 0 ? undefined : invalid(...errors);
}
