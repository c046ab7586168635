import { faultPoint } from '../contracts/fault-point.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { Oid } from '../git/repository.ts';
import type { Workspace } from '../ledger/workspace.ts';
import type { Forge, ForgeProposal, ProposalDraft } from './forge.ts';
import { type ProposalFacts, type ProposalResult, planProposal } from './plan-proposal.ts';
import {
  isBehind,
  isMergedInto,
  isUntouched,
  moveHead,
  readHead,
  writeProposalCommit,
} from './proposal-branch.ts';

export interface WantedProposal {
  readonly id: string;
  readonly base: Oid;
  /** The base holds the content of this proposal. */
  readonly inBase: boolean;
  /** The draft on the present base; undefined when the change no longer applies there. */
  readonly draft: ProposalDraft | undefined;
}

export interface PlannedProposal {
  readonly id: string;
  readonly result: ProposalResult;
  /** For `rejected`: what the person said. */
  readonly reason?: string;
  readonly head: Oid | null;
  /** Opens or updates; for every other result it does nothing. Safe to repeat. */
  apply(): Promise<void>;
}

/** Looks at the base, the branch and the forge, and says what becomes of a proposal. */
export async function planWantedProposal(
  workspace: Workspace,
  forge: Forge,
  known: readonly ForgeProposal[],
  wanted: WantedProposal,
): Promise<PlannedProposal> {
  const page = known.find(({ id }) => id === wanted.id);
  const head = await readHead(workspace, wanted.id);
  const facts = await gather(workspace, forge, known, wanted, page, head);
  const result = planProposal(facts);
  const reason =
    page?.reason ?? (head === null && page?.state === 'open' ? 'its branch was deleted' : undefined);
  return {
    id: wanted.id,
    result,
    head,
    ...(result === 'rejected' && reason !== undefined ? { reason } : {}),
    apply: () => apply(workspace, forge, wanted, result, facts, head),
  };
}

async function gather(
  workspace: Workspace,
  forge: Forge,
  known: readonly ForgeProposal[],
  wanted: WantedProposal,
  page: ForgeProposal | undefined,
  head: Oid | null,
): Promise<ProposalFacts> {
  const { draft, base } = wanted;
  const inBase = wanted.inBase || (head !== null && (await isMergedInto(workspace, head, base)));
  const ours =
    head !== null &&
    (page?.head === head || (draft !== undefined && (await isUntouched(workspace, head, draft))));
  return {
    page:
      page === undefined
        ? 'none'
        : page.state === 'closed'
          ? 'closed'
          : page.head === head
            ? 'fresh'
            : 'stale',
    branch: head === null ? 'none' : ours ? 'untouched' : 'edited',
    inBase,
    behind: head !== null && draft !== undefined && !inBase && (await isBehind(workspace, head, base, draft)),
    applies: draft !== undefined,
    capReached: head === null && !inBase && page === undefined && (await capReached(workspace, forge, known)),
  };
}

const DAY_MS = 86_400_000;

async function capReached(
  workspace: Workspace,
  forge: Forge,
  known: readonly ForgeProposal[],
): Promise<boolean> {
  const { max_open: maxOpen, max_per_day: maxPerDay } = workspace.settings.proposals;
  if (known.filter(({ state }) => state === 'open').length >= maxOpen) return true;
  return (await forge.openedSince(new Date(workspace.clock.now().getTime() - DAY_MS))) >= maxPerDay;
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
  if (result === 'opened') await forge.open(wanted.draft, next);
  else await forge.update(wanted.draft, next);
  await faultPoint('proposal:page-written');
}

function refusedBranch(id: string, detail: string, hint: string): MillwrightError {
  return new MillwrightError('push-refused', `branch ${id} was refused: ${detail}`, { hint, data: { id } });
}
