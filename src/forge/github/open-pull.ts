import { hasCode, MillwrightError } from '../../contracts/millwright-error.ts';
import type { Oid } from '../../git/repository.ts';
import type { ProposalDraft } from '../forge.ts';
import { askReviewers } from './ask-reviewers.ts';
import { writePullBody } from './body/pull-body.ts';
import { composePull } from './compose-pull.ts';
import type { Desk } from './desk.ts';
import { isSettled } from './is-settled.ts';
import { labelPull } from './label-pull.ts';
import { type Pull, pullShape } from './pull-shape.ts';
import { refusedPull } from './refused-pull.ts';
import { updatePull } from './update-pull.ts';
import { warnOnce } from './warn-once.ts';

/**
 * Opens a pull request, unless there is one. What people have closed or merged stays so until a record tells of it:
 * the next look at the list shows it.
 */
export async function openPull(desk: Desk, draft: ProposalDraft, head: Oid): Promise<void> {
  const there = await desk.pulls.look(draft.id);
  if (there?.state === 'open') return updatePull(desk, there, draft, head);
  if (there !== undefined && !isSettled(there)) return;
  const pull = await createOnce(desk, draft, head);
  if (pull === undefined) return;
  await labelPull(desk, pull);
  await askReviewers(desk, pull, draft);
}

/** Another runner may be first, and an answer may be lost: then what is there counts. */
async function createOnce(desk: Desk, draft: ProposalDraft, head: Oid): Promise<Pull | undefined> {
  try {
    const pull = await create(desk, draft, head, desk.workspace.settings.github.draft);
    desk.pulls.remember(pull);
    return pull;
  } catch (error) {
    if (!mayBeThere(error)) throw await refusedPull(desk, draft.id, error);
    const there = await desk.pulls.look(draft.id);
    if (there?.state !== 'open') throw error;
    return isTaken(error) ? undefined : there;
  }
}

async function create(desk: Desk, draft: ProposalDraft, head: Oid, asDraft: boolean): Promise<Pull> {
  const composed = await composePull(desk, draft, head);
  const parameters = {
    title: composed.title,
    body: writePullBody(composed),
    head: draft.id,
    base: desk.workspace.settings.base_branch,
    draft: asDraft,
  };
  try {
    return await desk.client.request({
      route: 'POST /repos/{owner}/{repo}/pulls',
      parameters,
      shape: pullShape,
      action: `open a pull request for ${draft.id}`,
      feature: 'proposals on GitHub',
    });
  } catch (error) {
    if (!asDraft || !says(error, /draft pull requests are not supported/i)) throw error;
    warnOnce(
      desk.workspace,
      'this repository has no draft pull requests: they are opened as ready for review',
    );
    return create(desk, draft, head, false);
  }
}

function mayBeThere(error: unknown): boolean {
  const isLost = error instanceof MillwrightError && error.data.outcome === 'unknown';
  return isLost || isTaken(error);
}

function isTaken(error: unknown): boolean {
  return says(error, /pull request already exists/i);
}

function says(error: unknown, words: RegExp): boolean {
  return hasCode(error, 'github-refused') && words.test(JSON.stringify(error.data.reasons ?? []));
}
