import type { Oid } from '../../git/repository.ts';
import type { ProposalDraft } from '../forge.ts';
import { plainText } from './body/plain-text.ts';
import { readPullBody, writePullBody } from './body/pull-body.ts';
import { textSum } from './body/text-sum.ts';
import { type ComposedPull, composePull } from './compose-pull.ts';
import type { Desk } from './desk.ts';
import { keepOldHead } from './keep-old-head.ts';
import { ownNote } from './own-note.ts';
import { type Pull, pullShape } from './pull-shape.ts';

/** Brings the words of an open one up to date, in one request and only when something differs. */
export async function updatePull(desk: Desk, pull: Pull, draft: ProposalDraft, head: Oid): Promise<void> {
  await keepOldHead(desk, pull, draft, head);
  const changes = changesOf(pull, await composePull(desk, draft, head));
  if (Object.keys(changes).length === 0) return;
  const answer = await desk.client.request({
    route: 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
    parameters: { pull_number: pull.number, ...changes },
    shape: pullShape,
    action: `bring pull request #${pull.number} up to date`,
    feature: 'proposals on GitHub',
  });
  // A person may have closed it meanwhile: the answer tells.
  desk.pulls.remember(answer);
}

/**
 * What a person has written is theirs: beside it only the hidden note changes. What they have emptied is nobody's,
 * and words that are just the wanted ones are Millwright's, also where the note is gone that would say so.
 */
function changesOf(pull: Pull, wanted: ComposedPull): Readonly<Record<string, string>> {
  const now = readPullBody(pull.body);
  const note = ownNote(pull);
  const isOurTitle = [note?.title, wanted.marker.title].includes(textSum(pull.title));
  const isOurText = now.text === '' || [note?.text, wanted.marker.text].includes(textSum(now.text));
  const isOurBase = note !== undefined && note.base !== wanted.marker.base;
  const body = writePullBody({
    text: isOurText ? wanted.text : now.text,
    foot: wanted.foot,
    marker: {
      ...wanted.marker,
      title: isOurTitle ? wanted.marker.title : (note?.title ?? ''),
      text: isOurText ? wanted.marker.text : (note?.text ?? ''),
    },
  });
  return {
    ...(isOurTitle && pull.title !== wanted.title ? { title: wanted.title } : {}),
    ...(plainText(pull.body) === plainText(body) ? {} : { body }),
    ...(isOurBase && pull.base.ref !== wanted.marker.base ? { base: wanted.marker.base } : {}),
  };
}
