import { type Answer, invalid, ok } from '../answer.ts';
import { type Call, textOf } from '../call.ts';
import { pullHead } from '../pull-head.ts';
import { closeThread, reopenThread } from '../thread-state.ts';
import { editWords, wordErrors } from '../thread-words.ts';
import { pullDetails } from '../views/pull-details.ts';
import type { PullThread, World } from '../world.ts';
import { findOpen } from './create-pull.ts';

/** PATCH of a pull request: words, base, state. */
export async function editPull(call: Call, thread: PullThread): Promise<Answer> {
  const { world, actor } = call;
  const errors = wordErrors(call);
  if (errors.length > 0) return invalid(...errors);
  const state = textOf(call, 'state');
  const problem = state === 'open' && thread.state === 'closed' ? reopenProblem(world, thread) : undefined;
  if (problem !== undefined) return stateRefusal(problem);
  const moved = changeBase(call, thread);
  if (moved !== undefined) return moved;
  editWords(call, thread);
  if (state === 'closed') closeThread(world, thread, actor.login, null);
  if (state === 'open') reopenPull(world, thread, actor.login);
  return ok(await pullDetails(world, call.origin, thread));
}

function stateRefusal(message: string): Answer {
  return invalid({ resource: 'PullRequest', code: 'custom', field: 'state', message });
}

/** Why a closed pull request cannot be opened again; undefined when it can. */
export function reopenProblem(world: World, thread: PullThread): string | undefined {
  const { pull } = thread;
  const head = pullHead(world, thread);
  const [owner = ''] = pull.headRepository.split('/');
  if (pull.mergedAt !== null) return 'state cannot be changed. The pull request is merged.';
  if (head === undefined) return `state cannot be changed. The ${pull.headBranch} branch has been deleted.`;
  if (!world.git.reaches(head, pull.headSha))
    return `state cannot be changed. The ${pull.headBranch} branch was force-pushed or recreated.`;
  if (findOpen(world, pull.headBranch, pull.base) === undefined) return undefined;
  return `state cannot be changed. There is already an open pull request from ${owner}:${pull.headBranch} to ${owner}:${pull.base}.`;
}

/** Opens it again on the present commits of both branches. */
export function reopenPull(world: World, thread: PullThread, actor: string): void {
  const { pull } = thread;
  pull.headSha = pullHead(world, thread) ?? pull.headSha;
  pull.comparedWith = world.refs.get(`refs/heads/${pull.base}`) ?? pull.comparedWith;
  reopenThread(world, thread, actor);
}

function changeBase(call: Call, { pull }: PullThread): Answer | undefined {
  const base = textOf(call, 'base');
  if (base === undefined || base === pull.base) return undefined;
  const tip = call.world.refs.get(`refs/heads/${base}`);
  if (tip === undefined) return invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  Object.assign(pull, { base, baseSha: tip, comparedWith: tip });
  return undefined;
}
