import { z } from 'zod';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import type { Oid } from '../../git/repository.ts';
import type { MergeAnswer } from '../forge.ts';
import type { Desk } from './desk.ts';
import type { Pull } from './pull-shape.ts';

type Method = NonNullable<Desk['workspace']['settings']['github']['auto_merge']>;

const ENABLE = `mutation ($input: EnablePullRequestAutoMergeInput!) {
  enablePullRequestAutoMerge(input: $input) { clientMutationId }
}`;

/** Errors that are GitHub's answer about this one pull request. */
const ANSWERS = ['github-refused', 'github-forbidden', 'github-not-found', 'github-conflict'];

/**
 * Has GitHub merge a pull request by its own rules: when the required checks are green, or at once when nothing is
 * waited for. Only the commit that was looked at is merged.
 */
export async function mergePull(desk: Desk, id: string, head: Oid): Promise<MergeAnswer> {
  const method = desk.workspace.settings.github.auto_merge;
  if (method === undefined) return refused('github.auto_merge in millwright.yaml names no method');
  await desk.pulls.open();
  const pull = await desk.pulls.find(id);
  if (pull === undefined) return refused('it has no pull request yet');
  if (pull.state === 'closed') return refused(`#${pull.number} is closed`);
  if (pull.draft === true)
    return refused(`#${pull.number} is a draft: a person has to mark it as ready first`);
  if (pull.auto_merge !== null && pull.auto_merge !== undefined) return { result: 'waiting' };
  return enable(desk, pull, head, method);
}

function refused(detail: string): MergeAnswer {
  return { result: 'refused', detail };
}

async function enable(desk: Desk, pull: Pull, head: Oid, method: Method): Promise<MergeAnswer> {
  const input = { pullRequestId: pull.node_id, mergeMethod: method.toUpperCase(), expectedHeadOid: head };
  try {
    await desk.client.graphql({
      query: ENABLE,
      variables: { input },
      shape: z.unknown(),
      action: `let GitHub merge #${pull.number}`,
      feature: 'merging by GitHub',
      repeatable: true,
    });
    desk.pulls.remember({ ...pull, auto_merge: { merge_method: method } });
    return { result: 'waiting' };
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return isReady(error) ? mergeNow(desk, pull, head, method) : refused(error.message);
  }
}

function isAnswer(error: unknown): error is MillwrightError {
  return error instanceof MillwrightError && ANSWERS.includes(error.code);
}

/** GitHub waits only for something: what can be merged now is merged by another call. */
function isReady(error: MillwrightError): boolean {
  return /\b(?:clean|unstable|has_hooks) status\b/i.test(`${error.message} ${JSON.stringify(error.data)}`);
}

async function mergeNow(desk: Desk, pull: Pull, head: Oid, method: Method): Promise<MergeAnswer> {
  try {
    await desk.client.request({
      route: 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
      parameters: { pull_number: pull.number, sha: head, merge_method: method },
      shape: z.unknown(),
      action: `merge #${pull.number}`,
      feature: 'merging by GitHub',
    });
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return refused(error.message);
  }
  await desk.pulls.look(pull.head.ref);
  return { result: 'merged' };
}
