import type { Pass } from '../../contracts/pass.ts';
import type { Entry } from '../../contracts/record.ts';
import { type EffectRow, listEffects } from '../../feedback/effects/list-effects.ts';
import { type FeedbackState, readFeedbackState } from '../../feedback/feedback-state.ts';
import { proposalTitle } from '../../feedback/proposal-body.ts';
import { proposalId } from '../../feedback/proposal-id.ts';
import { gitText } from '../../git/program.ts';
import type { PassContext, ProposalReport } from '../../ledger/controller.ts';
import { readLast } from '../../ledger/read-entries.ts';
import { readStatus, type Status } from '../read-status.ts';

export interface SiteProposal extends ProposalReport {
  /** What it changes, where a patch is known for it. */
  readonly title: string;
}

export interface SiteDecision {
  readonly proposal_id: string;
  readonly title: string;
  readonly decision: string;
  readonly decided_by: string;
  readonly decided_at: string;
  readonly reason?: string;
}

type Taken =
  | 'records'
  | 'inbox'
  | 'rejected'
  | 'recommendations'
  | 'queue'
  | 'waits'
  | 'alerts'
  | 'last_analysis';

/** What the site shows, as `status.json` has it. Nothing in it says when or where the site was made. */
export interface SiteFacts extends Pick<Status, Taken> {
  readonly ledger: { readonly branch: string; readonly commit: string | null; readonly at: string | null };
  readonly proposals: readonly SiteProposal[];
  /** The newest first. */
  readonly decisions: readonly SiteDecision[];
  readonly effects: readonly Pick<EffectRow, ShownOfEffect>[];
  /** The newest first. */
  readonly passes: readonly Pick<Pass, ShownOfPass>[];
}

type ShownOfPass = 'started_at' | 'duration_ms' | 'accepted' | 'rejected' | 'findings' | 'failures';
type ShownOfEffect =
  | 'patch_id'
  | 'persona_id'
  | 'changes'
  | 'state'
  | 'predicted_difference'
  | 'difference'
  | 'difference_low'
  | 'difference_high'
  | 'merged_at';

const DECISIONS = 20;
const PASSES = 10;

/**
 * Reads everything from git. No forge and no branch of a proposal is looked at: what the last recorded pass said of them
 * has to do, so that the site needs no token and no whole clone, and is the same wherever it is made.
 */
export async function readSiteFacts(context: PassContext): Promise<SiteFacts> {
  const { workspace } = context;
  const { snapshot, commit } = await workspace.log.tip();
  const passes = (await readLast<Pass>(snapshot, 'pass', PASSES)).reverse();
  const proposals = passes[0]?.proposals.flatMap(open) ?? [];
  const known = { proposals, forge_problem: null };
  const status = await readStatus(context, { anywhere: true, proposals: known });
  const state = await readFeedbackState(workspace);
  const titles = new Map(state.patches.map((patch) => [proposalId(patch), proposalTitle(patch)]));
  const { records, inbox, rejected, recommendations, queue, waits, alerts, last_analysis } = status;
  return {
    ledger: { branch: status.ledger.branch, commit, at: await commitTime(workspace.root, commit) },
    ...{ records, inbox, rejected, recommendations, queue, waits, alerts, last_analysis },
    proposals: status.proposals.map((one) => ({ ...one, title: titles.get(one.proposal_id) ?? '' })),
    decisions: decisionsOf(state, titles),
    effects: (await listEffects(context)).patches.map(effectOf),
    passes: passes.map(passOf),
  };
}

/** As it was left: what was opened is open now, what was decided is history. */
function open({ proposal_id, result, detail }: Pass['proposals'][number]): ProposalReport[] {
  if (result === 'merged' || result === 'rejected') return [];
  const now = result === 'opened' || result === 'updated' ? 'unchanged' : result;
  return [{ proposal_id, result: now, ...(detail === undefined ? {} : { detail }) }];
}

async function commitTime(root: string, commit: string | null): Promise<string | null> {
  if (commit === null) return null;
  return new Date(await gitText(['log', '-1', '--format=%cI', commit], { cwd: root })).toISOString();
}

function decisionsOf({ decisions }: FeedbackState, titles: ReadonlyMap<string, string>): SiteDecision[] {
  const newest = [...decisions.values()].sort((a, b) => (a.decided_at < b.decided_at ? 1 : -1));
  return newest.slice(0, DECISIONS).map(({ proposal_id, decision, decided_by, decided_at, reason }) => ({
    proposal_id,
    title: titles.get(proposal_id) ?? '',
    decision,
    decided_by,
    decided_at,
    ...(reason === undefined ? {} : { reason }),
  }));
}

function effectOf(row: EffectRow): SiteFacts['effects'][number] {
  const { patch_id, persona_id, changes, state, predicted_difference, merged_at } = row;
  const { difference, difference_low, difference_high } = row;
  return {
    ...{ patch_id, persona_id, changes, state, predicted_difference, merged_at },
    ...{ difference, difference_low, difference_high },
  };
}

function passOf(pass: Entry & Pass): SiteFacts['passes'][number] {
  const { started_at, duration_ms, accepted, rejected, findings, failures } = pass;
  return {
    ...{ started_at, duration_ms, accepted, rejected, findings },
    ...(failures === undefined ? {} : { failures }),
  };
}
