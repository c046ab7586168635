import { GraphQLError } from 'graphql';
import type { Call } from './call.ts';
import type { MergeMethod } from './options.ts';
import { mayDo } from './rights.ts';
import { note, pullThreads } from './thread-state.ts';
import { mergeability } from './views/pull-details.ts';
import { nodeId } from './views/user-view.ts';
import type { PullThread } from './world.ts';

interface Input<T = object> {
  readonly input: T & { readonly pullRequestId: string; readonly clientMutationId?: string };
}

/** What answers to the fields at the top of a question, by their names. */
export function graphqlRoot(call: Call) {
  const change = async ({ input }: Input, apply: (thread: PullThread) => void | Promise<void>) => {
    const thread = pullThreads(call.world).find(({ number }) => nodeId('PR', number) === input.pullRequestId);
    if (thread === undefined) throw unresolved(input.pullRequestId);
    if (!mayDo(call.actor, 'pull_requests=write,contents=write')) throw forbidden(call);
    await apply(thread);
    return {
      actor: { __typename: call.actor.type, login: call.actor.login },
      clientMutationId: input.clientMutationId ?? null,
      pullRequest: pullNode(call, thread),
    };
  };
  return {
    viewer: () => ({ login: call.actor.login }),
    repository: (asked: { owner: string; name: string }) => repositoryNode(call, asked),
    enablePullRequestAutoMerge: (asked: Input<{ readonly mergeMethod?: string }>) =>
      change(asked, (thread) => enable(call, thread, asked.input.mergeMethod ?? 'MERGE')),
    disablePullRequestAutoMerge: (asked: Input) => change(asked, (thread) => disable(call, thread)),
    markPullRequestReadyForReview: (asked: Input) => change(asked, (thread) => markReady(call, thread)),
    convertPullRequestToDraft: (asked: Input) =>
      change(asked, (thread) => {
        thread.pull.draft = true;
        note(call.world, thread, 'convert_to_draft', call.actor.login);
      }),
  };
}

function fail(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

function unresolved(id: string): GraphQLError {
  return fail('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
}

function forbidden({ actor }: Call): GraphQLError {
  const kind = actor.type === 'Bot' ? 'integration' : 'personal access token';
  return fail('FORBIDDEN', `Resource not accessible by ${kind}`);
}

/** Only what waits for something can be armed. */
async function enable(call: Call, thread: PullThread, method: string): Promise<void> {
  const { world, actor } = call;
  const { state } = await mergeability(world, thread);
  const problem =
    (world.options.autoMergeAllowed === false && 'Auto merge is not allowed for this repository') ||
    (thread.state === 'closed' && 'Pull request is closed') ||
    (state === 'clean' && 'Pull request is in clean status') ||
    (state === 'dirty' && 'Pull request is in dirty status');
  if (problem !== false) throw fail('UNPROCESSABLE', problem);
  thread.pull.autoMerge = { by: actor.login, method: method.toLowerCase() as MergeMethod };
  note(world, thread, 'auto_merge_enabled', actor.login);
}

function disable(call: Call, thread: PullThread): void {
  if (thread.pull.autoMerge === null)
    throw fail('UNPROCESSABLE', "Can't disable auto-merge for this pull request.");
  thread.pull.autoMerge = null;
  note(call.world, thread, 'auto_merge_disabled', call.actor.login);
}

function markReady(call: Call, thread: PullThread): void {
  if (thread.pull.draft) note(call.world, thread, 'ready_for_review', call.actor.login);
  thread.pull.draft = false;
}

function repositoryNode(call: Call, { owner, name }: { owner: string; name: string }) {
  const { world } = call;
  if (`${owner}/${name}`.toLowerCase() !== world.repository.toLowerCase())
    throw fail('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  return {
    id: nodeId('R', world.repositoryId),
    nameWithOwner: world.repository,
    name: world.repository.split('/')[1],
    autoMergeAllowed: world.options.autoMergeAllowed !== false,
    isPrivate: world.options.isPrivate === true,
    isArchived: world.archived,
    defaultBranchRef: { id: nodeId('REF', world.defaultBranch), name: world.defaultBranch },
    pullRequest: ({ number }: { number: number }) => pullByNumber(call, number),
  };
}

function pullByNumber(call: Call, number: number) {
  const thread = pullThreads(call.world).find((known) => known.number === number);
  if (thread !== undefined) return pullNode(call, thread);
  throw fail('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
}

function pullNode({ world }: Call, thread: PullThread) {
  const { number, title, pull } = thread;
  const armed = pull.autoMerge;
  return {
    id: nodeId('PR', number),
    number,
    title,
    body: thread.body ?? '',
    state: pull.mergedAt === null ? thread.state.toUpperCase() : 'MERGED',
    isDraft: pull.draft,
    merged: pull.mergedAt !== null,
    headRefName: pull.headBranch,
    headRefOid: pull.headSha,
    baseRefName: pull.base,
    autoMergeRequest: armed === null ? null : { mergeMethod: armed.method.toUpperCase() },
    mergeStateStatus: async () => (await mergeability(world, thread)).state.toUpperCase(),
  };
}
