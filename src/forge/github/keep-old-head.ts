import { z } from 'zod';
import type { Oid } from '../../git/repository.ts';
import type { ProposalDraft } from '../forge.ts';
import { isUntouched } from '../proposal-branch.ts';
import { ourComment } from './body/comment-marker.ts';
import { readPullBody } from './body/pull-body.ts';
import type { Desk } from './desk.ts';
import { orLeaveOut } from './or-leave-out.ts';
import type { Pull } from './pull-shape.ts';

/**
 * A branch that was made anew, as a person has ordered, no longer shows the commits of others: a comment keeps the
 * id of the last one, under which git still has them.
 * @param pull as it was before the branch moved to `head`
 */
export async function keepOldHead(desk: Desk, pull: Pull, draft: ProposalDraft, head: Oid): Promise<void> {
  const { sha } = pull.head;
  if (sha === head || sha === readPullBody(pull.body).marker?.head) return;
  // What cannot be read here any more is taken for the work of others.
  if (await isUntouched(desk.workspace, sha, draft.id, draft).catch(() => false)) return;
  await orLeaveOut(desk, 'comments', () =>
    desk.client.request({
      route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      parameters: {
        issue_number: pull.number,
        body: ourComment(`The branch was made anew, as ordered. Before that its last commit was ${sha}.`),
      },
      shape: z.unknown(),
      action: `comment on #${pull.number}`,
      feature: 'comments on proposals',
    }),
  );
}
