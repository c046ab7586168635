import type { ForgeProposal } from '../forge.ts';
import { draftedTitle } from './body/fit-title.ts';
import { type PullBody, readPullBody } from './body/pull-body.ts';
import { textSum } from './body/text-sum.ts';
import { closeFacts } from './close-facts.ts';
import type { Desk } from './desk.ts';
import { isSettled } from './is-settled.ts';
import { ownNote } from './own-note.ts';
import { proposalOfBranch } from './proposal-of-branch.ts';
import type { Pull } from './pull-shape.ts';
import { warnOnce } from './warn-once.ts';

/** Every open proposal; of the undecided ones also what people have closed or merged and no record tells yet. */
export async function listProposals(desk: Desk, undecided: readonly string[]): Promise<ForgeProposal[]> {
  const open = await desk.pulls.open();
  const isOpen = new Set(open.map(({ head }) => head.ref));
  const closed = await desk.pulls.closed(undecided.filter((id) => !isOpen.has(id)));
  const told = await Promise.all(
    closed.filter((pull) => !isSettled(pull)).map((pull) => closedProposal(desk, pull)),
  );
  const asked = new Set(undecided);
  // A list that was cut misses some, which were looked for by themselves.
  const found = await desk.pulls.open();
  return [...found.map((pull) => openProposal(desk, pull, asked.has(pull.head.ref))), ...told];
}

function openProposal(desk: Desk, pull: Pull, isUndecided: boolean): ForgeProposal {
  const body = readPullBody(pull.body);
  const note = ownNote(pull);
  const isReopened = note?.settled !== undefined;
  const isRetargeted = followsBase(desk, pull, body) === 'ours';
  const isOutOfDate = (isReopened && isUndecided) || isRetargeted || isEmptied(body);
  return {
    ...common(pull, body),
    state: 'open',
    // With no commit to compare it is written anew.
    head: isOutOfDate ? '' : (note?.head ?? ''),
    ...(isReopened ? { reopened: true } : {}),
    ...(note === undefined ? { foreign: true } : {}),
  };
}

/** What a person has emptied is filled again. */
function isEmptied({ text, marker }: PullBody): boolean {
  return text === '' && marker !== undefined && marker.text !== textSum('');
}

/** A base that the settings have changed since is Millwright's to follow; one that a person chose is theirs. */
function followsBase(
  { workspace }: Desk,
  { number, base }: Pull,
  { marker }: PullBody,
): 'no' | 'ours' | 'theirs' {
  const wanted = workspace.settings.base_branch;
  if (base.ref === wanted || marker === undefined) return 'no';
  if (marker.base !== wanted) return 'ours';
  warnOnce(
    workspace,
    `pull request #${number} goes to ${JSON.stringify(base.ref)} now, not to ${JSON.stringify(wanted)}: it is left so; base_branch in millwright.yaml says where proposals go`,
  );
  return 'theirs';
}

function common(pull: Pull, { text }: PullBody) {
  const id = proposalOfBranch(pull) ?? pull.head.ref;
  return { id, title: draftedTitle(pull.title), openedAt: pull.created_at, body: text };
}

async function closedProposal(desk: Desk, pull: Pull): Promise<ForgeProposal> {
  const body = readPullBody(pull.body);
  const facts = { ...common(pull, body), head: ownNote(pull)?.head ?? '' };
  const isMerged = pull.merged_at !== null && pull.merged_at !== undefined;
  if (!isMerged) return { ...facts, state: 'closed', ...(await closeFacts(desk, pull)) };
  const mergedAs = pull.merge_commit_sha ?? '';
  const reason = `it was merged into ${pull.base.ref} as #${pull.number}, and the base branch does not have it any more`;
  return { ...facts, state: 'merged', mergedAs, reason };
}
