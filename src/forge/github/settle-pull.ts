import { z } from 'zod';
import { markdownText } from '../../contracts/markdown-text.ts';
import { isOurComment, ourComment } from './body/comment-marker.ts';
import type { ProposalMarker } from './body/proposal-marker.ts';
import { readPullBody, writePullBody } from './body/pull-body.ts';
import type { Desk } from './desk.ts';
import { isSettled } from './is-settled.ts';
import { orLeaveOut } from './or-leave-out.ts';
import { ownNote } from './own-note.ts';
import { type Pull, pullShape } from './pull-shape.ts';

const commentShape = z.object({ body: z.string().nullish() });

/**
 * Says once what became of a proposal, closes it where it is open, and notes in its body that this is recorded: so
 * a pass without any memory knows which closings it has still to tell of, and which open ones were opened again.
 */
export async function settlePull(desk: Desk, id: string, words: string | undefined): Promise<void> {
  const pull = await present(desk, id);
  if (pull === undefined || isSettled(pull)) return;
  if (words !== undefined) await orLeaveOut(desk, 'comments', () => commentOnce(desk, pull, words));
  const closed = await patch(
    desk,
    pull,
    pull.state === 'open' ? { state: 'closed', settled: true } : settledAt(pull),
  );
  // The time of the closing is known from the answer only.
  if (pull.state === 'open' && closed.closed_at !== null) await patch(desk, closed, settledAt(closed));
}

/** Open ones are read again: deleting its branch has closed it, or a person has worked on its words. */
async function present({ client, pulls }: Desk, id: string): Promise<Pull | undefined> {
  const known = await pulls.find(id);
  if (known?.state !== 'open') return known;
  const pull = await client.find({
    route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}',
    parameters: { pull_number: known.number },
    shape: pullShape,
    action: `look at #${known.number}`,
  });
  if (pull !== undefined) pulls.remember(pull);
  return pull;
}

function settledAt({ closed_at: at }: Pull): { settled: string | true } {
  return { settled: at ?? true };
}

/** A pass that died after the comment does not write a second one. */
async function commentOnce({ client }: Desk, { number }: Pull, words: string): Promise<void> {
  const route = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
  const body = ourComment(markdownText(words));
  const question = { feature: 'comments on proposals', action: `comment on #${number}` };
  const said = await client.list({
    ...question,
    route: `GET ${route}`,
    parameters: { issue_number: number },
    shape: commentShape,
  });
  const last = said.findLast((comment) => isOurComment(comment.body ?? ''));
  if (last?.body?.replaceAll('\r\n', '\n').trim() === body) return;
  await client.request({
    ...question,
    route: `POST ${route}`,
    parameters: { issue_number: number, body },
    shape: z.unknown(),
  });
}

async function patch(
  desk: Desk,
  pull: Pull,
  { settled, state }: { settled: string | true; state?: 'closed' },
): Promise<Pull> {
  const body = readPullBody(pull.body);
  const marker = { ...(ownNote(pull) ?? blankMarker(desk, pull)), settled };
  const answer = await desk.client.request({
    route: 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
    parameters: {
      pull_number: pull.number,
      body: writePullBody({ ...body, marker }),
      ...(state === undefined ? {} : { state }),
    },
    shape: pullShape,
    action: `settle #${pull.number}`,
    feature: 'proposals on GitHub',
  });
  desk.pulls.remember(answer);
  return answer;
}

/** For one whose note a person has removed: the words count as theirs. */
function blankMarker({ workspace }: Desk, { head }: Pull): ProposalMarker {
  return { id: head.ref, head: head.sha, base: workspace.settings.base_branch, title: '', text: '' };
}
