import { type Answer, invalid, notFound, ok, refused } from '../answer.ts';
import { type Call, type Route, textOf } from '../call.ts';
import { withPull } from '../find-thread.ts';
import { mergePull } from '../merge-pull.ts';
import type { MergeMethod } from '../options.ts';
import { paged } from '../paginate.ts';
import { mayDo } from '../rights.ts';
import { sortedThreads } from '../sort-threads.ts';
import { pullThreads } from '../thread-state.ts';
import { commitView } from '../views/commit-view.ts';
import { fileView } from '../views/file-view.ts';
import { changedFiles, mergeability, pullDetails } from '../views/pull-details.ts';
import { pullView } from '../views/pull-view.ts';
import type { PullThread } from '../world.ts';
import { createPull } from './create-pull.ts';
import { editPull } from './edit-pull.ts';

export const pullRoutes: readonly Route[] = [
  { method: 'GET', path: '/pulls', needs: 'pull_requests=read', answer: listPulls },
  { method: 'POST', path: '/pulls', needs: 'pull_requests=write', answer: createPull },
  {
    method: 'GET',
    path: '/pulls/{number}',
    needs: 'pull_requests=read',
    answer: (call) =>
      withPull(call, async (thread) => ok(await pullDetails(call.world, call.origin, thread))),
  },
  {
    method: 'PATCH',
    path: '/pulls/{number}',
    needs: 'pull_requests=write',
    answer: (call) => withPull(call, (thread) => editPull(call, thread)),
  },
  {
    method: 'GET',
    path: '/pulls/{number}/merge',
    needs: 'pull_requests=read',
    answer: (call) => withPull(call, ({ pull }) => (pull.mergedAt === null ? notFound() : { status: 204 })),
  },
  {
    method: 'PUT',
    path: '/pulls/{number}/merge',
    needs: 'contents=write',
    answer: (call) => withPull(call, (thread) => merge(call, thread)),
  },
  {
    method: 'GET',
    path: '/pulls/{number}/commits',
    needs: 'pull_requests=read',
    answer: (call) => withPull(call, (thread) => listCommits(call, thread)),
  },
  {
    method: 'GET',
    path: '/pulls/{number}/files',
    needs: 'pull_requests=read',
    answer: (call) => withPull(call, (thread) => listFiles(call, thread)),
  },
];

function listPulls(call: Call): Answer {
  const base = call.query.get('base');
  const head = call.query.get('head');
  const wanted = sortedThreads(call, pullThreads(call.world)).filter(
    ({ pull }) => (base === null || pull.base === base) && (head === null || isHead(pull, head)),
  );
  return paged(call, wanted, (thread) => pullView(call.world, call.origin, thread));
}

/** Without `owner:` GitHub does not filter at all. */
function isHead({ headRepository, headBranch }: PullThread['pull'], head: string): boolean {
  const at = head.indexOf(':');
  if (at < 0) return true;
  return headRepository.startsWith(`${head.slice(0, at)}/`) && headBranch === head.slice(at + 1);
}

async function merge(call: Call, thread: PullThread): Promise<Answer> {
  const refusal = await mergeRefusal(call, thread);
  if (refusal !== undefined) return refusal;
  const words = { title: textOf(call, 'commit_title'), body: textOf(call, 'commit_message') };
  const spoken = Object.fromEntries(Object.entries(words).filter(([, text]) => text !== undefined));
  const sha = await mergePull(call.world, thread, methodOf(call), call.actor.login, spoken);
  if (sha === undefined) return refused(405, 'Pull Request is not mergeable');
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

async function mergeRefusal(call: Call, thread: PullThread): Promise<Answer | undefined> {
  const { world } = call;
  const sha = textOf(call, 'sha');
  if (thread.state === 'closed') return refused(405, 'Pull Request is not mergeable');
  if (sha !== undefined && sha !== thread.pull.headSha)
    return refused(409, 'Head branch was modified. Review and try the merge again.');
  const allowed = world.options.mergeMethods ?? ['merge', 'squash', 'rebase'];
  if (!allowed.includes(methodOf(call))) return refused(405, refusedMethod[methodOf(call)]);
  const { state } = await mergeability(world, thread);
  if (state === 'draft') return refused(405, 'Pull Request is still a draft');
  if (state === 'dirty') return refused(405, 'Pull Request is not mergeable');
  if (state === 'blocked') return refused(405, 'Required status check "validate" is expected.');
  return workflowRefusal(call, thread);
}

const refusedMethod: Readonly<Record<MergeMethod, string>> = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
};

/** Who may not write workflows may not merge them either. */
async function workflowRefusal(call: Call, thread: PullThread): Promise<Answer | undefined> {
  if (mayDo(call.actor, 'workflows=write')) return undefined;
  const files = await changedFiles(call.world, thread);
  const workflow = files.find(({ path }) => path.startsWith('.github/workflows/'));
  if (workflow === undefined) return undefined;
  const without = `create or update workflow \`${workflow.path}\` without \`workflows\` permission`;
  return refused(403, `refusing to allow a GitHub App to ${without}`);
}

function methodOf(call: Call): MergeMethod {
  const method = textOf(call, 'merge_method');
  return method === 'squash' || method === 'rebase' ? method : 'merge';
}

/** 250 at most, as documented. */
function listCommits(call: Call, { pull }: PullThread): Answer {
  const commits = call.world.git.between(pull.comparedWith, pull.headSha).slice(0, 250);
  return paged(call, commits, (commit) => commitView(call.world, call.origin, commit));
}

async function listFiles(call: Call, thread: PullThread): Promise<Answer> {
  const files = await changedFiles(call.world, thread);
  if (files.length > 3_000) return invalid({ resource: 'PullRequest', code: 'custom', field: 'files' });
  return paged(call, files, (file) => fileView(call.world, call.origin, thread.pull.headSha, file));
}
