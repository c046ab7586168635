import { faultPoint } from '../contracts/fault-point.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { isAncestor } from '../git/branch.ts';
import type { Oid } from '../git/repository.ts';
import type { Workspace } from '../ledger/workspace.ts';
import type { Forge, ForgeProposal, ProposalDraft } from './forge.ts';
import type { ProposalSight } from './look-at-proposals.ts';
import { type ProposalFacts, type ProposalResult, planProposal } from './plan-proposal.ts';
import {
  isBehind,
  isMadeFor,
  isUnpublished,
  isUntouched,
  moveHead,
  writeProposalCommit,
} from './proposal-branch.ts';

export interface WantedProposal {
  readonly id: string;
  readonly base: Oid;
  /** The base holds the content of this proposal. */
  readonly inBase: boolean;
  /** The draft on the present base; undefined when the change no longer applies there. */
  readonly draft: ProposalDraft | undefined;
  /** The same draft with the words and pictures that people are shown, where they cost more to make. */
  shown?(): Promise<ProposalDraft | undefined>;
  /** What a person has ordered: open it past the caps, or make its branch anew from this commit of it. */
  readonly order?: { readonly open: boolean; readonly remake: Oid | undefined };
}

export interface PlannedProposal {
  readonly id: string;
  readonly result: ProposalResult;
  /** For `rejected`: what the person said, and who it was. */
  readonly reason?: string;
  readonly closedBy?: string;
  /** For `merged`: the commit of the proposal that is in the base as it is, where there is one. */
  readonly landed?: Oid;
  /** Opens or updates; for every other result it does nothing. Safe to repeat. */
  apply(): Promise<void>;
}

/**
 * Looks at the base, the branch and the forge, and says what becomes of a proposal.
 * @param opening how many others this pass is going to open, which the forge does not know yet
 */
export async function planWantedProposal(
  workspace: Workspace,
  forge: Forge,
  sight: ProposalSight,
  wanted: WantedProposal,
  opening: number,
): Promise<PlannedProposal> {
  const page = sight.known.find(({ id }) => id === wanted.id);
  const head = sight.heads.get(wanted.id) ?? null;
  const landed = await findLanded(workspace, sight, wanted, page);
  const facts: ProposalFacts = {
    page: await pageFact(workspace, page, head, wanted.base),
    ...(await branchFacts(workspace, wanted, page, head)),
    inBase: wanted.inBase || landed !== undefined,
    applies: wanted.draft !== undefined,
    capReached:
      head === null &&
      page === undefined &&
      wanted.order?.open !== true &&
      (await capReached(workspace, forge, sight.known, opening)),
  };
  const result = planProposal(facts);
  return {
    id: wanted.id,
    result,
    ...(result === 'rejected' ? refusal(page, head) : {}),
    ...(result === 'merged' && landed !== undefined ? { landed } : {}),
    apply: () => apply(workspace, forge, wanted, result, facts, head),
  };
}

/**
 * The commit of the proposal that the base has in its history: the one on the page, or one that a pass made
 * and died over. A branch that somebody has set back to the base holds neither.
 */
async function findLanded(
  workspace: Workspace,
  { heads, outside }: ProposalSight,
  { id, base }: WantedProposal,
  page: ForgeProposal | undefined,
): Promise<Oid | undefined> {
  const head = heads.get(id);
  const inBase = async (commit: Oid) =>
    commit === head ? !outside.has(commit) : isAncestor(workspace.repository, commit, base);
  if (page !== undefined && page.head !== '' && (await inBase(page.head))) return page.head;
  if (head === undefined || head === page?.head || outside.has(head)) return undefined;
  return (await isMadeFor(workspace, head, id)) ? head : undefined;
}

/** A branch that a new remote has never seen is opened there like a new one. */
async function pageFact(
  workspace: Workspace,
  page: ForgeProposal | undefined,
  head: Oid | null,
  base: Oid,
): Promise<ProposalFacts['page']> {
  if (page === undefined) return 'none';
  if (page.state === 'closed') return 'closed';
  if (page.state === 'merged') return mergedFact(workspace, page, base);
  if (head === null && (await isUnpublished(workspace, page.id, page.head))) return 'none';
  return page.head === head ? 'fresh' : 'stale';
}

/** A base that has the merge and not its content has had it taken out again: that is a "no". */
async function mergedFact(
  workspace: Workspace,
  { mergedAs = '' }: ForgeProposal,
  base: Oid,
): Promise<'closed' | 'merged'> {
  const wasThere = mergedAs !== '' && (await isAncestor(workspace.repository, mergedAs, base));
  return wasThere ? 'closed' : 'merged';
}

async function branchFacts(
  workspace: Workspace,
  { id, base, draft, order }: WantedProposal,
  page: ForgeProposal | undefined,
  head: Oid | null,
): Promise<Pick<ProposalFacts, 'branch' | 'behind'>> {
  if (head === null) return { branch: 'none', behind: false };
  if (order?.remake === head) return { branch: 'untouched', behind: true };
  const ours = page?.head === head || (await isUntouched(workspace, head, id, draft));
  if (!ours) return { branch: 'edited', behind: false };
  return {
    branch: 'untouched',
    behind: draft !== undefined && (await isBehind(workspace, head, base, draft)),
  };
}

function refusal(page: ForgeProposal | undefined, head: Oid | null) {
  const closed = page?.state === 'closed' || page?.state === 'merged';
  const reason = page?.reason ?? (head === null && !closed ? 'its branch was deleted' : undefined);
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(closed && page.closedBy !== undefined ? { closedBy: page.closedBy } : {}),
  };
}

const DAY_MS = 86_400_000;

async function capReached(
  workspace: Workspace,
  forge: Forge,
  known: readonly ForgeProposal[],
  opening: number,
): Promise<boolean> {
  const { max_open: maxOpen, max_per_day: maxPerDay } = workspace.settings.proposals;
  if (known.filter(({ state }) => state === 'open').length + opening >= maxOpen) return true;
  const since = new Date(workspace.clock.now().getTime() - DAY_MS);
  return (await forge.openedSince(since)) + opening >= maxPerDay;
}

/** Branch first, page second: a page without a branch would read as a branch that somebody deleted. */
async function apply(
  workspace: Workspace,
  forge: Forge,
  wanted: WantedProposal,
  result: ProposalResult,
  facts: ProposalFacts,
  head: Oid | null,
): Promise<void> {
  if ((result !== 'opened' && result !== 'updated') || wanted.draft === undefined) return;
  const rewrite = head === null || facts.behind;
  const next = rewrite ? await writeProposalCommit(workspace, wanted.draft, wanted.base) : head;
  if (rewrite) {
    const verdict = await moveHead(workspace, wanted.id, head, next);
    if (verdict.result === 'refused') throw refusedBranch(wanted.id, verdict.detail, verdict.hint);
    // Somebody was first: the next pass looks again at what is there now.
    if (verdict.result === 'lost') return;
  }
  await faultPoint('proposal:branch-moved');
  const draft = (await wanted.shown?.()) ?? wanted.draft;
  await drawPictures(workspace, draft);
  if (result === 'opened') await forge.open(draft, next);
  else await forge.update(draft, next);
  await faultPoint('proposal:page-written');
}

/** Before the page that shows them. The same picture again is no commit. */
async function drawPictures(workspace: Workspace, { id, pictures = [] }: ProposalDraft): Promise<void> {
  if (pictures.length === 0) return;
  await workspace.log.transact({ subject: `Draw the pictures of ${id}` }, async (snapshot) => {
    const held = await Promise.all(pictures.map(({ path }) => snapshot.text(path)));
    const fresh = pictures.filter(({ content }, at) => held[at] !== content);
    return { edits: fresh.map(({ path, content }) => ({ put: path, content })), value: undefined };
  });
}

function refusedBranch(id: string, detail: string, hint: string): MillwrightError {
  return new MillwrightError('push-refused', `branch ${id} was refused: ${detail}`, { hint, data: { id } });
}
